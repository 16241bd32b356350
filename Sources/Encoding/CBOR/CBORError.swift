/// Why bytes are not a value of ``CBOR``, or a value is not what was asked for.
public struct CBORError: Error, Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    /// The input ends inside the value.
    case truncated
    /// Bytes follow the value.
    case trailingBytes(Int)
    /// Longer than its shortest form, or keys out of order.
    case notCanonical
    /// A tag, an indefinite length or a simple value, named by its first byte.
    case unsupported(UInt8)
    case tooDeep
    case tooManyItems
    case keyIsNotText
    case duplicateKey
    case invalidUTF8
    /// What was expected instead.
    case wrongType(expected: String)
    /// What is allowed.
    case outOfRange(allowed: String)
    case missingField(String)
    case unknownField(String)
    /// A number that names none of the known cases.
    case unknownCase(UInt64)
    /// A rule beyond the single value, in words.
    case invalid(String)
  }

  /// One word to hand on: every `try` on its way would otherwise carry code that copies the parts.
  private indirect enum Content: Equatable, Sendable {
    case fault(Reason, offset: Int, path: String)
  }
  private let content: Content

  public init(_ reason: Reason, offset: Int, path: String = "") {
    content = .fault(reason, offset: offset, path: path)
  }

  public var reason: Reason {
    switch content {
    case .fault(let reason, _, _): reason
    }
  }
  /// Where, in bytes from the start of the input.
  public var offset: Int {
    switch content {
    case .fault(_, let offset, _): offset
    }
  }
  /// Which value, such as `tensors[3].shape`; empty for the whole.
  public var path: String {
    switch content {
    case .fault(_, _, let path): path
    }
  }
}

extension CBORError: CustomStringConvertible {
  public var description: String {
    let place = path.isEmpty ? "at byte \(offset)" : "in \(path), at byte \(offset)"
    return "\(reason.description) \(place)"
  }
}

extension CBORError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .truncated: "the input ends inside a value"
    case .trailingBytes(let count): "\(count) bytes follow the value"
    case .notCanonical: "not the deterministic encoding"
    case .unsupported(let byte): "unsupported initial byte \(byte)"
    case .tooDeep: "nested too deep"
    case .tooManyItems: "too many items"
    case .keyIsNotText: "a key is not text"
    case .duplicateKey: "a key occurs twice"
    case .invalidUTF8: "text is not UTF-8"
    case .wrongType(let expected): "expected \(expected)"
    case .outOfRange(let allowed): "out of range (allowed: \(allowed))"
    case .missingField(let name): "field \(name) is missing"
    case .unknownField(let name): "unknown field \(name)"
    case .unknownCase(let number): "unknown kind \(number)"
    case .invalid(let rule): rule
    }
  }
}
