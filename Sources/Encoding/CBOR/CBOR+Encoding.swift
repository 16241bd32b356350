extension CBOR {
  /// The deterministic encoding. The keys of each map must differ from one another.
  public func encoded() -> [UInt8] {
    var output: [UInt8] = []
    append(to: &output)
    return output
  }

  /// Appends the deterministic encoding to `output`.
  public func append(to output: inout [UInt8]) {
    switch self {
    case .unsigned(let number):
      CBOR.appendHead(0, number, to: &output)
    case .negative(let number):
      CBOR.appendHead(1, number, to: &output)
    case .bytes(let bytes):
      CBOR.appendHead(2, UInt64(bytes.count), to: &output)
      output += bytes
    case .text(let text):
      CBOR.appendHead(3, UInt64(text.utf8.count), to: &output)
      output += text.utf8
    case .array(let elements):
      CBOR.appendHead(4, UInt64(elements.count), to: &output)
      for element in elements { element.append(to: &output) }
    case .map(let fields):
      CBOR.appendHead(5, UInt64(fields.count), to: &output)
      let sorted = fields.sorted { CBOR.keyOrder($0.key, $1.key) < 0 }
      for index in sorted.indices {
        precondition(
          index == 0 || CBOR.keyOrder(sorted[index - 1].key, sorted[index].key) < 0,
          "a map has the same key twice")
        CBOR.text(sorted[index].key).append(to: &output)
        sorted[index].value.append(to: &output)
      }
    case .bool(let flag):
      output.append(flag ? 0xf5 : 0xf4)
    case .null:
      output.append(0xf6)
    case .float(let number):
      CBOR.append(number, to: &output)
    }
  }

  /// The order of the keys' encodings: shorter first, then byte by byte. Negative, zero or positive.
  static func keyOrder(_ a: String, _ b: String) -> Int {
    let (x, y) = (a.utf8, b.utf8)
    if x.count != y.count { return x.count < y.count ? -1 : 1 }
    var (i, j) = (x.startIndex, y.startIndex)
    while i != x.endIndex {
      if x[i] != y[j] { return x[i] < y[j] ? -1 : 1 }
      i = x.index(after: i)
      j = y.index(after: j)
    }
    return 0
  }

  /// The major type and its argument, in the fewest bytes.
  static func appendHead(_ majorType: UInt8, _ argument: UInt64, to output: inout [UInt8]) {
    let major = majorType << 5
    switch argument {
    case 0..<24:
      output.append(major | UInt8(truncatingIfNeeded: argument))
    case 24...0xff:
      output.append(major | 24)
      appendBigEndian(argument, byteCount: 1, to: &output)
    case 0x100...0xffff:
      output.append(major | 25)
      appendBigEndian(argument, byteCount: 2, to: &output)
    case 0x1_0000...0xffff_ffff:
      output.append(major | 26)
      appendBigEndian(argument, byteCount: 4, to: &output)
    default:
      output.append(major | 27)
      appendBigEndian(argument, byteCount: 8, to: &output)
    }
  }

  private static func append(_ number: Double, to output: inout [UInt8]) {
    if let half = HalfPrecision.bits(exactly: number) {
      output.append(0xf9)
      appendBigEndian(UInt64(half), byteCount: 2, to: &output)
    } else if Double(Float(number)) == number {
      output.append(0xfa)
      appendBigEndian(UInt64(Float(number).bitPattern), byteCount: 4, to: &output)
    } else {
      output.append(0xfb)
      appendBigEndian(number.bitPattern, byteCount: 8, to: &output)
    }
  }

  private static func appendBigEndian(
    _ value: UInt64, byteCount: Int, to output: inout [UInt8]
  ) {
    var shift = UInt64(byteCount) * 8
    while shift > 0 {
      shift -= 8
      output.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
