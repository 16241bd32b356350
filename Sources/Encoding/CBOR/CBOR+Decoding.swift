extension CBOR {
  /// The depth that decoding goes to; the outermost value has depth 1.
  public static let maximumDepth = 32

  /// Reads one value that takes up all of `bytes`.
  ///
  /// - Parameter maximumItems: how many values, keys counted too, the input may hold: what bounds the memory that
  ///   hostile input can claim.
  public static func decode(
    _ bytes: [UInt8], maximumItems: Int = 1 << 20
  ) throws(CBORError) -> CBOR {
    var result: Result<CBOR, CBORError> = .success(.null)
    bytes.withUnsafeBytes { buffer in
      do throws(CBORError) {
        result = .success(try decode(buffer, maximumItems: maximumItems))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }

  /// Reads one value that takes up all of `bytes`.
  public static func decode(
    _ bytes: UnsafeRawBufferPointer, maximumItems: Int = 1 << 20
  ) throws(CBORError) -> CBOR {
    var decoder = CBORDecoder(bytes, maximumItems: maximumItems)
    let value = try decoder.value(depth: 1)
    guard decoder.offset == bytes.count else {
      throw CBORError(.trailingBytes(bytes.count - decoder.offset), offset: decoder.offset)
    }
    return value
  }
}

/// Reads values one after another, and refuses whatever the encoder would not have written.
struct CBORDecoder {
  private let bytes: UnsafeRawBufferPointer
  private var itemsLeft: Int
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer, maximumItems: Int) {
    self.bytes = bytes
    itemsLeft = maximumItems
  }

  mutating func value(depth: Int) throws(CBORError) -> CBOR {
    guard depth <= CBOR.maximumDepth else { throw CBORError(.tooDeep, offset: offset) }
    guard itemsLeft > 0 else { throw CBORError(.tooManyItems, offset: offset) }
    itemsLeft -= 1
    let start = offset
    let initial = try byte()
    switch initial >> 5 {
    case 0: return .unsigned(try argument(initial, start))
    case 1: return .negative(try argument(initial, start))
    case 2: return .bytes([UInt8](try span(initial, start)))
    case 3: return .text(try text(initial, start))
    case 4: return .array(try array(initial, start, depth))
    case 5: return .map(try map(initial, start, depth))
    case 7: return try simple(initial, start)
    default: throw CBORError(.unsupported(initial), offset: start)
    }
  }

  private mutating func array(
    _ initial: UInt8, _ start: Int, _ depth: Int
  ) throws(CBORError) -> [CBOR] {
    let count = try count(initial, start, bytesEach: 1)
    var elements: [CBOR] = []
    elements.reserveCapacity(min(count, itemsLeft))
    for _ in 0..<count { elements.append(try value(depth: depth + 1)) }
    return elements
  }

  private mutating func map(
    _ initial: UInt8, _ start: Int, _ depth: Int
  ) throws(CBORError) -> [CBORField] {
    let count = try count(initial, start, bytesEach: 2)
    var fields: [CBORField] = []
    fields.reserveCapacity(min(count, itemsLeft))
    for _ in 0..<count {
      let keyStart = offset
      guard case .text(let key) = try value(depth: depth + 1) else {
        throw CBORError(.keyIsNotText, offset: keyStart)
      }
      if let last = fields.last {
        let order = CBOR.keyOrder(last.key, key)
        if order == 0 { throw CBORError(.duplicateKey, offset: keyStart) }
        if order > 0 { throw CBORError(.notCanonical, offset: keyStart) }
      }
      fields.append(CBORField(key, try value(depth: depth + 1)))
    }
    return fields
  }

  private mutating func text(_ initial: UInt8, _ start: Int) throws(CBORError) -> String {
    let span = try span(initial, start)
    guard isUTF8(span) else { throw CBORError(.invalidUTF8, offset: start) }
    return String(decoding: span, as: UTF8.self)
  }

  private mutating func simple(_ initial: UInt8, _ start: Int) throws(CBORError) -> CBOR {
    switch initial {
    case 0xf4: return .bool(false)
    case 0xf5: return .bool(true)
    case 0xf6: return .null
    case 0xf9:
      let bits = UInt16(truncatingIfNeeded: try bigEndian(byteCount: 2))
      let number = HalfPrecision.number(bits)
      guard !number.isNaN || bits == 0x7e00 else { throw CBORError(.notCanonical, offset: start) }
      return .float(number)
    case 0xfa:
      let number = Float(bitPattern: UInt32(truncatingIfNeeded: try bigEndian(byteCount: 4)))
      guard HalfPrecision.bits(exactly: Double(number)) == nil else {
        throw CBORError(.notCanonical, offset: start)
      }
      return .float(Double(number))
    case 0xfb:
      let number = Double(bitPattern: try bigEndian(byteCount: 8))
      guard !number.isNaN, Double(Float(number)) != number else {
        throw CBORError(.notCanonical, offset: start)
      }
      return .float(number)
    default: throw CBORError(.unsupported(initial), offset: start)
    }
  }

  /// The argument of an initial byte; longer forms than needed are refused.
  private mutating func argument(_ initial: UInt8, _ start: Int) throws(CBORError) -> UInt64 {
    let value: UInt64
    let least: UInt64
    switch initial & 31 {
    case let small where small < 24: return UInt64(small)
    case 24: (value, least) = (try bigEndian(byteCount: 1), 24)
    case 25: (value, least) = (try bigEndian(byteCount: 2), 0x100)
    case 26: (value, least) = (try bigEndian(byteCount: 4), 0x1_0000)
    case 27: (value, least) = (try bigEndian(byteCount: 8), 0x1_0000_0000)
    default: throw CBORError(.unsupported(initial), offset: start)
    }
    guard value >= least else { throw CBORError(.notCanonical, offset: start) }
    return value
  }

  /// A count of elements that take at least `bytesEach` bytes each: more than the input can hold are refused at once.
  private mutating func count(
    _ initial: UInt8, _ start: Int, bytesEach: Int
  ) throws(CBORError) -> Int {
    let value = try argument(initial, start)
    guard let count = Int(exactly: value), count <= (bytes.count - offset) / bytesEach else {
      throw CBORError(.truncated, offset: start)
    }
    return count
  }

  private mutating func span(
    _ initial: UInt8, _ start: Int
  ) throws(CBORError) -> UnsafeRawBufferPointer {
    let count = try count(initial, start, bytesEach: 1)
    let span = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    offset += count
    return span
  }

  private mutating func byte() throws(CBORError) -> UInt8 {
    guard offset < bytes.count else { throw CBORError(.truncated, offset: offset) }
    offset += 1
    return bytes[offset - 1]
  }

  private mutating func bigEndian(byteCount: Int) throws(CBORError) -> UInt64 {
    guard bytes.count - offset >= byteCount else { throw CBORError(.truncated, offset: offset) }
    var value: UInt64 = 0
    for index in offset..<offset + byteCount { value = value << 8 | UInt64(bytes[index]) }
    offset += byteCount
    return value
  }
}
