/// A value of the part of CBOR (RFC 8949) that Bramble speaks: no tags, no indefinite lengths, no
/// simple values but `false`, `true` and `null`, and maps with text keys only.
///
/// Every value has exactly one encoding, the deterministic one of RFC 8949, 4.2.1; decoding refuses all others. So
/// equal values have equal bytes, and a digest of the bytes is a digest of the value.
public enum CBOR: Equatable, Sendable {
  case unsigned(UInt64)
  /// `-1 - n`.
  case negative(UInt64)
  case bytes([UInt8])
  case text(String)
  case array([CBOR])
  /// In any order, without equal keys; decoding gives them in the order of their encoding.
  case map([CBORField])
  case bool(Bool)
  case null
  /// Encoded in half, single or double precision: the shortest that holds the number.
  case float(Double)
}

/// One key of a map and its value.
public struct CBORField: Equatable, Sendable {
  public var key: String
  public var value: CBOR

  public init(_ key: String, _ value: CBOR) {
    self.key = key
    self.value = value
  }
}

extension CBOR {
  /// An integer of either sign.
  public init(_ integer: Int64) {
    self = integer < 0 ? .negative(UInt64(bitPattern: ~integer)) : .unsigned(UInt64(integer))
  }

  /// An integer of either sign.
  public init(_ integer: Int) { self.init(Int64(integer)) }

  /// The 32 bytes of a digest.
  public init(_ digest: Digest) { self = .bytes(digest.bytes) }

  /// `null` where there is no value.
  public init(optional digest: Digest?) { self = digest.map { .bytes($0.bytes) } ?? .null }

  /// `null` where there is no value.
  public init(optional number: UInt64?) { self = number.map { .unsigned($0) } ?? .null }
}
