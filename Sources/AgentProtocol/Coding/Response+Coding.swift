public import Encoding

extension Response: Message {
  public static var maximumItems: Int { ProtocolLimits.frame }

  public var kind: UInt64 {
    switch self {
    case .hello: 0
    case .status: 1
    case .holdings: 2
    case .received: 3
    case .probe: 4
    case .telemetry: 5
    case .prediction: 6
    case .done: 7
    case .refused: 8
    case .profile: 9
    }
  }

  public var body: CBOR {
    switch self {
    case .hello(let facts, let version):
      .map([CBORField("version", .unsigned(version)), CBORField("facts", facts.cbor)])
    case .status(let status): status.cbor
    case .holdings(let holdings):
      .map([CBORField("holdings", .array(holdings.map { $0.cbor }))])
    case .received(let bytes): .map([CBORField("bytes", .unsigned(bytes))])
    case .probe(let outcome): outcome.cbor
    case .telemetry(let batch):
      .map([
        CBORField("records", .array(batch.records.map { $0.cbor })),
        CBORField("more", .bool(batch.hasMore)),
      ])
    case .prediction(let prediction): prediction.cbor
    case .done: .map([])
    case .refused(let refusal):
      .map([
        CBORField("reason", .unsigned(UInt64(refusal.reason.rawValue))),
        CBORField("message", .text(refusal.message, cutTo: ProtocolLimits.message)),
      ])
    case .profile(let variant, let content):
      .map([CBORField("variant", CBOR(variant)), CBORField("content", .bytes(content))])
    }
  }

  public init(kind: CBORNode, body: CBORNode) throws(CBORError) {
    switch try kind.unsigned() {
    case 0:
      self = .hello(
        try Facts(body.field("facts")), protocolVersion: try body.field("version").unsigned())
    case 1:
      self = .status(try DeviceStatus(body))
    case 2:
      try body.allowOnly(["holdings"])
      var holdings: [Holding] = []
      for node in try body.field("holdings").elements(atMost: ProtocolLimits.holdings) {
        holdings.append(try Holding(node))
      }
      self = .holdings(holdings)
    case 3:
      try body.allowOnly(["bytes"])
      self = .received(bytes: try body.field("bytes").unsigned())
    case 4:
      self = .probe(try ProbeOutcome(body))
    case 5:
      self = .telemetry(try TelemetryBatch(body))
    case 6:
      self = .prediction(try Prediction(body))
    case 7:
      try body.allowOnly([])
      self = .done
    case 8:
      try body.allowOnly(["reason", "message"])
      self = .refused(
        Refusal(
          try body.field("reason").enumeration(),
          try body.field("message").text(atMost: ProtocolLimits.message)))
    case 9:
      try body.allowOnly(["variant", "content"])
      self = .profile(
        variant: try body.field("variant").digest(),
        content: try body.field("content").bytes(atMost: ProtocolLimits.payload))
    case let unknown:
      throw kind.error(.unknownCase(unknown))
    }
  }
}
