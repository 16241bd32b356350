public import Encoding

/// What travels in a ``Frame``: a kind, numbered, and a body.
public protocol Message {
  /// The number of the case. Numbers are never used anew.
  var kind: UInt64 { get }
  var body: CBOR { get }
  /// How many values a message may hold, so that a small one cannot claim much memory.
  static var maximumItems: Int { get }

  /// - Throws: ``CBORError`` for a kind that is not known and for a body that is not what the kind asks for.
  init(kind: CBORNode, body: CBORNode) throws(CBORError)
}

extension Message {
  /// The message alone, as `[kind, body]`.
  public func encoded() -> [UInt8] { CBOR.array([.unsigned(kind), body]).encoded() }

  /// The message that ``encoded()`` gave.
  public init(decoding bytes: [UInt8]) throws(CBORError) {
    let parts = try CBORNode(root: try CBOR.decode(bytes, maximumItems: Self.maximumItems))
      .elements(count: 2)
    try self.init(kind: parts[0], body: parts[1])
  }
}

/// The version of the protocol that this code speaks; ``Request/hello(protocolVersion:)`` says it.
public enum ProtocolVersion {
  public static let current: UInt64 = 1
}

/// What either side takes at most from the other. Longer text is cut where it is sent; everything
/// else beyond these is refused where it arrives.
public enum ProtocolLimits {
  /// Bytes of one frame behind its length.
  public static let frame = (1 << 20) + 4096
  /// Bytes of one uploaded piece, of a prediction's input and of its output.
  public static let payload = 1 << 20
  /// Bytes of a message for people.
  public static let message = 1024
  /// Bytes of a name, version or the like.
  public static let name = 256
  /// Objects asked for in one `holdings`.
  public static let holdings = 4096
  public static let isaFlags = 64
  /// What one profile may take of a device.
  public static let profileRuns: UInt64 = 10_000
  public static let profileMilliseconds: UInt64 = 60_000
  public static let quarantined = 1024
}
