public import Encoding

extension TrialTerms {
  public var cbor: CBOR {
    .map([
      CBORField("budget", .unsigned(budget)),
      CBORField("floor", .unsigned(accuracyFloor)),
      CBORField("deadMan", .unsigned(deadMan)),
      CBORField("hang", .unsigned(hangLimit)),
    ])
  }

  public init(_ node: CBORNode) throws(CBORError) {
    try node.allowOnly(["budget", "floor", "deadMan", "hang"])
    self.init(
      budget: try node.field("budget").unsigned(),
      accuracyFloor: try node.field("floor").unsigned(atMost: 1000),
      deadMan: try node.field("deadMan").unsigned(),
      hangLimit: try node.field("hang").unsigned())
  }
}
