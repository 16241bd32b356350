import CPosix

/// A system call that did not succeed.
public struct SystemError: Error, Equatable, Sendable {
  /// One word, as in `CBORError`.
  private indirect enum Content: Equatable, Sendable {
    case failure(operation: String, subject: String, code: Int32)
  }
  private let content: Content

  public init(_ operation: String, _ subject: String, code: Int32) {
    content = .failure(operation: operation, subject: subject, code: code < 0 ? -code : code)
  }

  /// What was attempted, such as `write`.
  public var operation: String {
    switch content {
    case .failure(let operation, _, _): operation
    }
  }
  /// On what, mostly a path.
  public var subject: String {
    switch content {
    case .failure(_, let subject, _): subject
    }
  }
  /// The positive `errno`.
  public var code: Int32 {
    switch content {
    case .failure(_, _, let code): code
    }
  }

  public var isMissing: Bool { code == BP_ENOENT }
  /// The disk, or the user's share of it, is full.
  public var isFull: Bool { code == BP_ENOSPC || code == BP_EDQUOT }
}

extension SystemError: CustomStringConvertible {
  public var description: String {
    var text = [CChar](repeating: 0, count: 80)
    text.withUnsafeMutableBufferPointer { bp_error_text(code, $0.baseAddress, UInt32($0.count)) }
    return "cannot \(operation) \(subject): \(string(text))"
  }
}

/// The text up to the first zero.
func string(_ characters: [CChar]) -> String {
  let bytes = characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  return String(decoding: bytes, as: UTF8.self)
}

/// The text that a C string holds; `nil` for NULL.
func string(_ pointer: UnsafePointer<CChar>?) -> String? {
  guard let pointer else { return nil }
  var bytes: [UInt8] = []
  var next = pointer
  while next.pointee != 0 {
    bytes.append(UInt8(bitPattern: next.pointee))
    next += 1
  }
  return String(decoding: bytes, as: UTF8.self)
}
