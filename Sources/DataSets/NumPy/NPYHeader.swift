/// What stands before the elements of a `.npy` file (NumPy Enhancement Proposal 1): a Python dictionary in text.
struct NPYHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  let type: String
  let isFortranOrder: Bool
  let shape: [Int]
  /// Where the elements start.
  let end: Int

  struct Fault: Error {
    let text: String
    let offset: Int
  }

  init(_ bytes: [UInt8]) throws(Fault) {
    guard bytes.starts(with: NPYHeader.magic), bytes.count >= 10 else {
      throw Fault(text: "not a .npy array", offset: 0)
    }
    let version = bytes[6]
    guard (1...3).contains(version) else {
      throw Fault(text: ".npy version \(version) is not known", offset: 6)
    }
    let start = version == 1 ? 10 : 12
    guard bytes.count >= start else { throw Fault(text: "the header is cut off", offset: 8) }
    let length = bytes.number(at: 8, version == 1 ? 2 : 4)
    guard length <= bytes.count - start else {
      throw Fault(text: "the header is cut off", offset: 8)
    }
    end = start + length
    guard let text = String(validating: bytes[start..<end], as: UTF8.self) else {
      throw Fault(text: "the header is not text", offset: start)
    }
    var literal = PythonLiteral(text)
    guard let fields = literal.dictionary(), case .text(let type)? = fields["descr"],
      case .flag(let order)? = fields["fortran_order"], case .tuple(let shape)? = fields["shape"],
      fields.count == 3
    else { throw Fault(text: "the header is not understood", offset: start) }
    self.type = type
    isFortranOrder = order
    self.shape = shape
  }

  /// The header for `elements` of `shape`, padded so that the elements start at a multiple of 64.
  static func bytes(type: String, shape: [Int]) -> [UInt8] {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    // Python writes one extent as (3,) and several as (3, 4).
    let tuple = shape.count == 1 ? extents : String(extents.dropLast())
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(tuple)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    return magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + text.utf8
  }
}

/// Reads the few Python literals that a `.npy` header is made of.
struct PythonLiteral {
  enum Value {
    case text(String)
    case flag(Bool)
    case tuple([Int])
  }

  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  /// A dictionary with text keys that takes up the whole text; `nil` for all else.
  mutating func dictionary() -> [String: Value]? {
    guard take("{") else { return nil }
    var fields: [String: Value] = [:]
    while !take("}") {
      guard let key = quoted(), take(":"), let value = value(), fields[key] == nil else {
        return nil
      }
      fields[key] = value
      if !take(",") {
        guard take("}") else { return nil }
        break
      }
    }
    skipSpaces()
    return rest.isEmpty ? fields : nil
  }

  private mutating func value() -> Value? {
    if take("True") { return .flag(true) }
    if take("False") { return .flag(false) }
    if take("(") { return tuple().map { .tuple($0) } }
    return quoted().map { .text($0) }
  }

  private mutating func tuple() -> [Int]? {
    var numbers: [Int] = []
    while !take(")") {
      skipSpaces()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits), numbers.count < 32 else { return nil }
      rest = rest.dropFirst(digits.count)
      numbers.append(number)
      if !take(",") { return take(")") ? numbers : nil }
    }
    return numbers
  }

  private mutating func quoted() -> String? {
    skipSpaces()
    guard let quote = rest.first, quote == "'" || quote == "\"",
      let end = rest.dropFirst().firstIndex(of: quote)
    else { return nil }
    let text = rest[rest.index(after: rest.startIndex)..<end]
    rest = rest[rest.index(after: end)...]
    return text.contains("\\") ? nil : String(text)
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpaces()
    guard rest.hasPrefix(word) else { return false }
    rest = rest.dropFirst(word.count)
    return true
  }

  private mutating func skipSpaces() { rest = rest.drop { $0 == " " || $0 == "\n" } }
}
