/// How tensors of type int4 are stored: each run along the innermost axis in blocks of 32 values, the last
/// one filled up with zeros. A block is a little-endian float32 scale and 16 bytes, of which byte j holds
/// 8 + value j in its low and 8 + value 16 + j in its high four bits. Values lie in [-7, 7].
public enum Int4Blocks {
  /// Values that share a scale.
  public static let values = 32
  /// Bytes of one block.
  public static let bytes = 20

  /// The blocks of one run of `count` values.
  public static func count(for count: Int) -> Int {
    count / values + (count % values == 0 ? 0 : 1)
  }

  /// Appends the block of `levels`, at most 32 values of [-7, 7].
  public static func append(_ levels: [Int8], scale: Float, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: scale.bitPattern >> shift))
    }
    func code(_ index: Int) -> UInt8 {
      index < levels.count ? UInt8(truncatingIfNeeded: Int(levels[index]) + 8) : 8
    }
    for index in 0..<16 { bytes.append(code(index) | code(index + 16) << 4) }
  }

  /// The real numbers of a constant whose runs have `run` values; `nil` when `data` has not whole runs.
  public static func floats(_ data: [UInt8], run: Int) -> [Float]? {
    let runBytes = count(for: run) * bytes
    guard run > 0, data.count % runBytes == 0 else { return nil }
    var floats: [Float] = []
    for start in stride(from: 0, to: data.count, by: runBytes) {
      for index in 0..<run {
        let block = start + index / values * bytes
        var pattern: UInt32 = 0
        for byte in 0..<4 { pattern |= UInt32(data[block + byte]) << UInt32(8 * byte) }
        let pair = data[block + 4 + index % 16]
        let code = index % values < 16 ? pair & 15 : pair >> 4
        floats.append(Float(bitPattern: pattern) * Float(Int(code) - 8))
      }
    }
    return floats
  }
}
