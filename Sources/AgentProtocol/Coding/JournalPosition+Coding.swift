public import Encoding

extension JournalPosition {
  /// `[boot, sequence]`.
  public var cbor: CBOR { .array([.unsigned(boot), .unsigned(sequence)]) }

  public init(_ node: CBORNode) throws(CBORError) {
    let parts = try node.elements(count: 2)
    self.init(boot: try parts[0].unsigned(), sequence: try parts[1].unsigned())
  }
}
