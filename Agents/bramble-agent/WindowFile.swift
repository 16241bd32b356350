import DeviceAgent
import Inference
import ModelFormat

/// Windows of float32 numbers from a file: `.npy` (version 1 to 3, `<f4`, C order), or the bare numbers.
struct WindowFile {
  private let file: MappedFile
  private let start: Int
  private let windowBytes: Int
  let count: Int

  /// Every number must be finite, so that nothing runs where one is not.
  init(_ path: String, for input: TensorSpec, windowBytes: Int) throws(InferFailure) {
    do throws(SystemError) {
      file = try MappedFile(path)
    } catch {
      throw InferFailure(error.description)
    }
    self.windowBytes = windowBytes
    start = try WindowFile.dataOffset(file.bytes, path)
    let bytes = file.bytes.count - start
    guard bytes > 0, bytes % windowBytes == 0 else {
      throw InferFailure(
        "\(path) holds \(bytes) bytes of numbers, which is no multiple of the \(windowBytes) that input "
          + "'\(input.name)' of shape \(input.shape.description) takes as float32")
    }
    count = bytes / windowBytes
    for index in 0..<bytes / 4 {
      let bits = file.bytes.loadUnaligned(fromByteOffset: start + 4 * index, as: UInt32.self)
      guard bits & 0x7f80_0000 != 0x7f80_0000 else {
        throw InferFailure(
          "\(path): input '\(input.name)' is infinite or not a number in window "
            + "\(4 * index / windowBytes) at position \(index % (windowBytes / 4))")
      }
    }
  }

  func window(_ index: Int) -> [UInt8] {
    let first = start + index * windowBytes
    return [UInt8](file.bytes[first..<first + windowBytes])
  }

  static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
    try Files.replace(path, with: bytes)
  }

  /// Where the numbers start: 0 in a file of bare numbers.
  private static func dataOffset(
    _ bytes: UnsafeRawBufferPointer, _ path: String
  ) throws(InferFailure) -> Int {
    let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
    guard bytes.count >= 12, Array(bytes[0..<6]) == magic else { return 0 }
    let wide = bytes[6] >= 2
    var length = Int(bytes[8]) | Int(bytes[9]) << 8
    if wide { length |= Int(bytes[10]) << 16 | Int(bytes[11] & 0x7f) << 24 }
    let start = wide ? 12 : 10
    guard bytes.count >= start + length else { throw InferFailure("\(path) is cut short") }
    let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
    guard header.has("'<f4'"), header.has("'fortran_order': False") else {
      throw InferFailure("\(path) must hold float32 in C order; its header is \(header)")
    }
    return start + length
  }
}

extension String {
  /// Whether `piece` occurs.
  fileprivate func has(_ piece: String) -> Bool {
    let (all, part) = (Array(utf8), Array(piece.utf8))
    guard all.count >= part.count else { return false }
    for start in 0...(all.count - part.count)
    where Array(all[start..<start + part.count]) == part { return true }
    return false
  }
}
