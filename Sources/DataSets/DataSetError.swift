/// Why a data file cannot be used: which file, which array in it, and what is wrong.
public struct DataSetError: Error, Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    case unreadable(String)
    /// Not the format that its name promises, at this byte.
    case malformed(String, offset: Int)
    /// A valid file, of a sort that is not read here.
    case unsupported(String)
    case missingKey(available: [String])
    /// The content is not what was asked for.
    case unfit(String)
  }

  public var file: String
  /// The array's name; `nil` for the file as a whole.
  public var key: String?
  public var reason: Reason

  public init(file: String, key: String? = nil, _ reason: Reason) {
    self.file = file
    self.key = key
    self.reason = reason
  }
}

extension DataSetError: CustomStringConvertible {
  public var description: String {
    let place = key.map { "\(file), array \($0)" } ?? file
    switch reason {
    case .unreadable(let cause): return "\(place): cannot be read: \(cause)"
    case .malformed(let fault, let offset): return "\(place): \(fault), at byte \(offset)"
    case .unsupported(let what): return "\(place): \(what) is not supported"
    case .missingKey(let available):
      let names = available.isEmpty ? "none" : available.joined(separator: ", ")
      return "\(place): no such array; the file has \(names)"
    case .unfit(let why): return "\(place): \(why)"
    }
  }
}
