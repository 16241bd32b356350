import Encoding

extension TelemetryEvent {
  /// Part of the journal's format: numbers are never used anew.
  var kind: UInt64 {
    switch self {
    case .prediction: 0
    case .failure: 1
    case .feedback: 2
    case .activated: 3
    case .committed: 4
    case .reverted: 5
    case .quarantined: 6
    case .started: 7
    case .memory: 8
    case .gap: 9
    }
  }

  var fields: [CBOR] {
    switch self {
    case .prediction(let variant, let source, let label, let expected, let latency, let inference):
      [
        CBOR(variant), .unsigned(UInt64(source.rawValue)), CBOR(optional: label),
        CBOR(optional: expected), .unsigned(latency), .unsigned(inference),
      ]
    case .failure(let variant, let source, let reason):
      [
        CBOR(variant), .unsigned(UInt64(source.rawValue)),
        .text(reason, cutTo: ProtocolLimits.message),
      ]
    case .feedback(let prediction, let variant, let predicted, let label):
      [prediction.cbor, CBOR(optional: variant), CBOR(optional: predicted), .unsigned(label)]
    case .activated(let variant, let epoch): [CBOR(variant), .unsigned(epoch.number)]
    case .committed(let variant), .quarantined(let variant): [CBOR(variant)]
    case .reverted(let from, let to, let reason):
      [CBOR(from), CBOR(optional: to), .text(reason, cutTo: ProtocolLimits.message)]
    case .started(let agentVersion, let starts):
      [.text(agentVersion, cutTo: ProtocolLimits.name), .unsigned(starts)]
    case .memory(let daemon, let model): [.unsigned(daemon), .unsigned(model)]
    case .gap(let count): [.unsigned(count)]
    }
  }

  init(kind: CBORNode, fields: CBORNode) throws(CBORError) {
    switch try kind.unsigned() {
    case 0:
      let f = try fields.elements(count: 6)
      self = .prediction(
        variant: try f[0].digest(), source: try f[1].enumeration(),
        label: try f[2].optionalUnsigned(), expected: try f[3].optionalUnsigned(),
        latency: try f[4].unsigned(), inference: try f[5].unsigned())
    case 1:
      let f = try fields.elements(count: 3)
      self = .failure(
        variant: try f[0].digest(), source: try f[1].enumeration(),
        reason: try f[2].text(atMost: ProtocolLimits.message))
    case 2:
      let f = try fields.elements(count: 4)
      self = .feedback(
        prediction: try JournalPosition(f[0]), variant: try f[1].optionalDigest(),
        predicted: try f[2].optionalUnsigned(), label: try f[3].unsigned())
    case 3:
      let f = try fields.elements(count: 2)
      self = .activated(variant: try f[0].digest(), epoch: Epoch(try f[1].unsigned()))
    case 4:
      self = .committed(variant: try fields.elements(count: 1)[0].digest())
    case 5:
      let f = try fields.elements(count: 3)
      self = .reverted(
        from: try f[0].digest(), to: try f[1].optionalDigest(),
        reason: try f[2].text(atMost: ProtocolLimits.message))
    case 6:
      self = .quarantined(variant: try fields.elements(count: 1)[0].digest())
    case 7:
      let f = try fields.elements(count: 2)
      self = .started(
        agentVersion: try f[0].text(atMost: ProtocolLimits.name), starts: try f[1].unsigned())
    case 8:
      let f = try fields.elements(count: 2)
      self = .memory(daemon: try f[0].unsigned(), model: try f[1].unsigned())
    case 9:
      self = .gap(count: try fields.elements(count: 1)[0].unsigned())
    case let unknown:
      throw kind.error(.unknownCase(unknown))
    }
  }
}
