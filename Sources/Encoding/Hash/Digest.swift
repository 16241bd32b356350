/// A SHA-256 hash: the name by which objects, manifests and variants are known everywhere.
public struct Digest: Hashable, Comparable, Sendable {
  /// How many bytes a digest has.
  public static let byteCount = 32

  /// The 32 bytes, first byte first, as four big-endian words: no allocation, and order as of the hex text.
  private var a: UInt64
  private var b: UInt64
  private var c: UInt64
  private var d: UInt64

  /// `nil` unless there are exactly 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Digest.byteCount else { return nil }
    a = Digest.word(bytes, 0)
    b = Digest.word(bytes, 8)
    c = Digest.word(bytes, 16)
    d = Digest.word(bytes, 24)
  }

  /// `nil` unless `hex` is 64 hexadecimal digits.
  public init?(hex: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Digest.byteCount)
    var high: UInt8? = nil
    for character in hex.utf8 {
      guard let digit = Digest.value(ofDigit: character), bytes.count < Digest.byteCount else {
        return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    guard high == nil else { return nil }
    self.init(bytes: bytes)
  }

  /// From the eight words of a SHA-256 state.
  init(words w: [UInt32]) {
    a = UInt64(w[0]) << 32 | UInt64(w[1])
    b = UInt64(w[2]) << 32 | UInt64(w[3])
    c = UInt64(w[4]) << 32 | UInt64(w[5])
    d = UInt64(w[6]) << 32 | UInt64(w[7])
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(Digest.byteCount)
    for word in [a, b, c, d] {
      var shift: UInt64 = 64
      while shift > 0 {
        shift -= 8
        result.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return result
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String {
    var characters: [UInt8] = []
    characters.reserveCapacity(2 * Digest.byteCount)
    for byte in bytes {
      characters.append(Digest.digit(byte >> 4))
      characters.append(Digest.digit(byte & 15))
    }
    return String(decoding: characters, as: UTF8.self)
  }

  public static func < (x: Digest, y: Digest) -> Bool {
    if x.a != y.a { return x.a < y.a }
    if x.b != y.b { return x.b < y.b }
    if x.c != y.c { return x.c < y.c }
    return x.d < y.d
  }

  private static func word(_ bytes: [UInt8], _ start: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in start..<start + 8 { word = word << 8 | UInt64(bytes[index]) }
    return word
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

  private static func value(ofDigit character: UInt8) -> UInt8? {
    switch character {
    case 48...57: character - 48
    case 97...102: character - 87
    case 65...70: character - 55
    default: nil
    }
  }
}

extension Digest: CustomStringConvertible {
  public var description: String { hex }
}
