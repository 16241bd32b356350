extension CBORNode {
  /// A whole number that is not negative and at most `limit`.
  public func unsigned(atMost limit: UInt64 = .max) throws(CBORError) -> UInt64 {
    guard case .unsigned(let number) = value else {
      throw error(.wrongType(expected: "a whole number"))
    }
    guard number <= limit else { throw error(.outOfRange(allowed: "0...\(limit)")) }
    return number
  }

  /// A whole number within `range`.
  public func integer(in range: ClosedRange<Int64>) throws(CBORError) -> Int64 {
    let number: Int64?
    switch value {
    case .unsigned(let magnitude): number = Int64(exactly: magnitude)
    case .negative(let magnitude): number = Int64(exactly: magnitude).map { ~$0 }
    default: throw error(.wrongType(expected: "a whole number"))
    }
    guard let number, range.contains(number) else {
      throw error(.outOfRange(allowed: "\(range.lowerBound)...\(range.upperBound)"))
    }
    return number
  }

  /// A whole number within `range`, which an `Int` holds on 32-bit machines too.
  public func int(in range: ClosedRange<Int32> = 0...Int32.max) throws(CBORError) -> Int {
    Int(try integer(in: Int64(range.lowerBound)...Int64(range.upperBound)))
  }

  /// A number; whole numbers are not taken for one.
  public func float() throws(CBORError) -> Double {
    guard case .float(let number) = value else { throw error(.wrongType(expected: "a number")) }
    return number
  }

  public func bool() throws(CBORError) -> Bool {
    guard case .bool(let flag) = value else { throw error(.wrongType(expected: "true or false")) }
    return flag
  }

  /// At most `limit` bytes.
  public func bytes(atMost limit: Int = .max) throws(CBORError) -> [UInt8] {
    guard case .bytes(let bytes) = value else { throw error(.wrongType(expected: "bytes")) }
    guard bytes.count <= limit else { throw error(.outOfRange(allowed: "\(limit) bytes")) }
    return bytes
  }

  /// Text of at most `limit` bytes of UTF-8.
  public func text(atMost limit: Int = .max) throws(CBORError) -> String {
    guard case .text(let text) = value else { throw error(.wrongType(expected: "text")) }
    guard text.utf8.count <= limit else { throw error(.outOfRange(allowed: "\(limit) bytes")) }
    return text
  }

  public func digest() throws(CBORError) -> Digest {
    guard let digest = Digest(bytes: try bytes()) else {
      throw error(.outOfRange(allowed: "\(Digest.byteCount) bytes"))
    }
    return digest
  }

  /// A case of an enum that is numbered in the file.
  public func enumeration<Case: RawRepresentable>() throws(CBORError) -> Case
  where Case.RawValue == UInt8 {
    let number = try unsigned()
    guard let raw = UInt8(exactly: number), let known = Case(rawValue: raw) else {
      throw error(.unknownCase(number))
    }
    return known
  }

  /// `nil` where the value is `null`.
  public func optional() -> CBORNode? {
    if case .null = value { return nil }
    return self
  }

  /// The elements of an array of at most `limit`.
  public func elements(atMost limit: Int = .max) throws(CBORError) -> [CBORNode] {
    guard case .array(let values) = value else { throw error(.wrongType(expected: "an array")) }
    guard values.count <= limit else { throw error(.outOfRange(allowed: "\(limit) elements")) }
    var nodes: [CBORNode] = []
    nodes.reserveCapacity(values.count)
    for index in values.indices { nodes.append(child(index, values[index])) }
    return nodes
  }

  /// The elements of an array of exactly `count`.
  public func elements(count: Int) throws(CBORError) -> [CBORNode] {
    let nodes = try elements()
    guard nodes.count == count else { throw error(.wrongType(expected: "\(count) elements")) }
    return nodes
  }

  /// The value at `name` of a map that must have it.
  public func field(_ name: String) throws(CBORError) -> CBORNode {
    guard let field = try optionalField(name) else { throw error(.missingField(name)) }
    return field
  }

  /// The value at `name`, `nil` where the map has none.
  public func optionalField(_ name: String) throws(CBORError) -> CBORNode? {
    guard case .map(let fields) = value else { throw error(.wrongType(expected: "a map")) }
    guard let field = fields.first(where: { $0.key == name }) else { return nil }
    return child(name, field.value)
  }

  /// The keys and values of a map of at most `limit` fields.
  public func fields(
    atMost limit: Int = .max
  ) throws(CBORError) -> [(name: String, value: CBORNode)] {
    guard case .map(let fields) = value else { throw error(.wrongType(expected: "a map")) }
    guard fields.count <= limit else { throw error(.outOfRange(allowed: "\(limit) fields")) }
    return fields.map { (name: $0.key, value: child($0.key, $0.value)) }
  }

  /// Refuses a map that has other fields than `known`.
  public func allowOnly(_ known: [String]) throws(CBORError) {
    guard case .map(let fields) = value else { throw error(.wrongType(expected: "a map")) }
    for field in fields where !known.contains(field.key) {
      throw error(.unknownField(field.key))
    }
  }
}
