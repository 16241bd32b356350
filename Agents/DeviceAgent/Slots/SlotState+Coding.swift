import AgentProtocol
public import Encoding

extension SlotState {
  /// The layout below; a later one gets another number and reads this one.
  static let version: UInt64 = 1

  public func encoded() -> [UInt8] {
    CBOR.map([
      CBORField("version", .unsigned(SlotState.version)),
      CBORField("active", CBOR(optional: active)),
      CBORField("previous", CBOR(optional: previous)),
      CBORField("staged", CBOR(optional: staged)),
      CBORField("trial", trial.map { $0.value } ?? .null),
      CBORField("ended", ended.map { $0.value } ?? .null),
      CBORField(
        "terms",
        .array([
          .unsigned(terms.budget), .unsigned(terms.accuracyFloor), .unsigned(terms.deadMan),
          .unsigned(terms.hangLimit),
        ])),
      CBORField(
        "tries", .array(failedTries.map { .array([CBOR($0.variant), .unsigned($0.count)]) })),
      CBORField("quarantined", .array(quarantined.map { CBOR($0) })),
      CBORField("epoch", .unsigned(epoch.number)),
      CBORField("reversal", .text(lastReversal)),
      CBORField("boot", .unsigned(boot)),
      CBORField("bootid", .text(bootIdentifier)),
      CBORField("starts", .unsigned(starts)),
      CBORField("unrecorded", .array(unrecorded.map { .bytes($0.encoded()) })),
    ]).encoded()
  }

  public init(decoding bytes: [UInt8]) throws(CBORError) {
    let root = CBORNode(root: try CBOR.decode(bytes, maximumItems: 4096))
    self.init()
    let version = try root.field("version")
    guard try version.unsigned() == SlotState.version else {
      throw version.error(.unknownCase(try version.unsigned()))
    }
    active = try root.field("active").optional()?.digest()
    previous = try root.field("previous").optional()?.digest()
    staged = try root.field("staged").optional()?.digest()
    if let node = try root.field("trial").optional() { trial = try Trial(node) }
    if let node = try root.field("ended").optional() { ended = try EndedTrial(node) }
    let numbers = try root.field("terms").elements(count: 4)
    terms = TrialTerms(
      budget: try numbers[0].unsigned(), accuracyFloor: try numbers[1].unsigned(),
      deadMan: try numbers[2].unsigned(), hangLimit: try numbers[3].unsigned())
    for node in try root.field("tries").elements(atMost: Slots.memory) {
      let pair = try node.elements(count: 2)
      failedTries.append(
        FailedTries(variant: try pair[0].digest(), count: try pair[1].unsigned()))
    }
    for node in try root.field("quarantined").elements(atMost: Slots.memory) {
      quarantined.append(try node.digest())
    }
    epoch = Epoch(try root.field("epoch").unsigned())
    lastReversal = try root.field("reversal").text()
    boot = try root.field("boot").unsigned()
    bootIdentifier = try root.field("bootid").text()
    starts = try root.field("starts").unsigned()
    for node in try root.field("unrecorded").elements(atMost: 16) {
      unrecorded.append(try TelemetryRecord(decoding: try node.bytes()))
    }
  }
}

extension Trial {
  fileprivate var value: CBOR {
    .array([
      CBOR(optional: fallback), .unsigned(epoch.number), .unsigned(remaining), .unsigned(failures),
      .unsigned(starts),
    ])
  }

  fileprivate init(_ node: CBORNode) throws(CBORError) {
    let parts = try node.elements(count: 5)
    self.init(
      fallback: try parts[0].optional()?.digest(), epoch: Epoch(try parts[1].unsigned()),
      remaining: try parts[2].unsigned(), failures: try parts[3].unsigned(),
      starts: try parts[4].unsigned())
  }
}

extension EndedTrial {
  fileprivate var value: CBOR {
    .array([CBOR(variant), .unsigned(epoch.number), .bool(wasReverted)])
  }

  fileprivate init(_ node: CBORNode) throws(CBORError) {
    let parts = try node.elements(count: 3)
    self.init(
      variant: try parts[0].digest(), epoch: Epoch(try parts[1].unsigned()),
      wasReverted: try parts[2].bool())
  }
}
