public import Encoding

/// Why a file is refused: what is wrong and at which byte.
public struct FormatError: Error, Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    case notABrambleFile
    /// Made by a later version of this program.
    case unsupportedVersion(UInt32)
    /// A file of another kind: found, wanted.
    case wrongKind(UInt32, wanted: UInt32)
    /// The file says it has so many bytes.
    case wrongLength(UInt64)
    /// The checksum of this part does not match.
    case damaged(String)
    /// The header is not what it should be; its path says where.
    case header(CBORError.Reason, path: String)
    case graph(GraphError)
    /// A rule in words.
    case invalid(String)
  }

  /// One word, as in `CBORError`.
  private indirect enum Content: Equatable, Sendable {
    case fault(Reason, offset: Int)
  }
  private let content: Content

  public init(_ reason: Reason, offset: Int) { content = .fault(reason, offset: offset) }

  public var reason: Reason {
    switch content {
    case .fault(let reason, _): reason
    }
  }
  /// Bytes from the start of the file.
  public var offset: Int {
    switch content {
    case .fault(_, let offset): offset
    }
  }

  /// A fault in a CBOR document that starts at byte `start` of the file.
  public init(_ error: CBORError, start: Int) {
    self.init(.header(error.reason, path: error.path), offset: start + error.offset)
  }
}

extension FormatError: CustomStringConvertible {
  public var description: String { "\(reason.description), at byte \(offset)" }
}

extension FormatError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notABrambleFile: "not a .bramble file"
    case .unsupportedVersion(let version):
      "format version \(version) is newer than this program; update it"
    case .wrongKind(let found, let wanted):
      "a \(ContainerKind.name(of: found)) where a \(ContainerKind.name(of: wanted)) is wanted"
    case .wrongLength(let length): "the file should have \(length) bytes; it was cut or extended"
    case .damaged(let part): "\(part) is damaged: its checksum does not match"
    case .header(let reason, let path):
      path.isEmpty ? "header: \(reason.description)" : "header, \(path): \(reason.description)"
    case .graph(let error): error.description
    case .invalid(let rule): rule
    }
  }
}
