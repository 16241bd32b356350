/// SHA-256 of FIPS 180-4, over pieces as they come.
public struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// Bytes that do not fill a block yet; always 64 long, `pendingCount` of them meant.
  private var pending = [UInt8](repeating: 0, count: 64)
  private var pendingCount = 0
  private var length: UInt64 = 0

  public init() {}

  /// The hash of all of `bytes`.
  public static func digest(of bytes: UnsafeRawBufferPointer) -> Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  /// The hash of all of `bytes`.
  public static func digest(of bytes: [UInt8]) -> Digest {
    bytes.withUnsafeBytes { digest(of: $0) }
  }

  /// Takes in the next piece.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Takes in the next piece.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard var next = bytes.baseAddress, bytes.count > 0 else { return }
    var left = bytes.count
    length &+= UInt64(left)
    if pendingCount > 0 {
      let taken = min(64 - pendingCount, left)
      pending.withUnsafeMutableBytes {
        $0.baseAddress!.advanced(by: pendingCount).copyMemory(from: next, byteCount: taken)
      }
      pendingCount += taken
      next += taken
      left -= taken
      guard pendingCount == 64 else { return }
      pending.withUnsafeBytes { SHA256.compress(&state, $0.baseAddress!, blocks: 1) }
      pendingCount = 0
    }
    let blocks = left / 64
    if blocks > 0 {
      SHA256.compress(&state, next, blocks: blocks)
      next += blocks * 64
      left -= blocks * 64
    }
    if left > 0 {
      pending.withUnsafeMutableBytes { $0.baseAddress!.copyMemory(from: next, byteCount: left) }
      pendingCount = left
    }
  }

  /// The hash of everything taken in so far; the value is then as new.
  public mutating func finish() -> Digest {
    let bits = length &* 8
    var tail = [UInt8](repeating: 0, count: pendingCount < 56 ? 64 : 128)
    for index in 0..<pendingCount { tail[index] = pending[index] }
    tail[pendingCount] = 0x80
    for index in 0..<8 {
      tail[tail.count - 1 - index] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * index))
    }
    tail.withUnsafeBytes {
      SHA256.compress(&state, $0.baseAddress!, blocks: $0.count / 64)
    }
    let digest = Digest(words: state)
    self = SHA256()
    return digest
  }
}
