public import Encoding

extension Request: Message {
  /// A device has little memory; the longest request is a list of objects.
  public static var maximumItems: Int { 2 * ProtocolLimits.holdings }

  public var kind: UInt64 {
    switch self {
    case .hello: 0
    case .status: 1
    case .holdings: 2
    case .upload: 3
    case .stage: 4
    case .activate: 5
    case .probe: 6
    case .commit: 7
    case .revert: 8
    case .keepAlive: 9
    case .collect: 10
    case .acknowledge: 11
    case .predict: 12
    case .feedback: 13
    case .profile: 14
    }
  }

  public var body: CBOR {
    switch self {
    case .hello(let version): .map([CBORField("version", .unsigned(version))])
    case .status: .map([])
    case .holdings(let objects): .map([CBORField("objects", .array(objects.map { CBOR($0) }))])
    case .upload(let object, let totalBytes, let offset, let bytes):
      .map([
        CBORField("object", CBOR(object)), CBORField("total", .unsigned(totalBytes)),
        CBORField("offset", .unsigned(offset)), CBORField("bytes", .bytes(bytes)),
      ])
    case .stage(let variant, let epoch), .commit(let variant, let epoch):
      .map([CBORField("variant", CBOR(variant)), CBORField("epoch", .unsigned(epoch.number))])
    case .activate(let variant, let terms, let epoch):
      .map([
        CBORField("variant", CBOR(variant)), CBORField("terms", terms.cbor),
        CBORField("epoch", .unsigned(epoch.number)),
      ])
    case .probe(let variant, let predictions, let epoch):
      .map([
        CBORField("variant", CBOR(variant)), CBORField("predictions", .unsigned(predictions)),
        CBORField("epoch", .unsigned(epoch.number)),
      ])
    case .revert(let reason, let epoch):
      .map([
        CBORField("reason", .text(reason, cutTo: ProtocolLimits.message)),
        CBORField("epoch", .unsigned(epoch.number)),
      ])
    case .keepAlive(let epoch): .map([CBORField("epoch", .unsigned(epoch.number))])
    case .collect(let position, let maximumBytes):
      .map([
        CBORField("after", position.map { $0.cbor } ?? .null),
        CBORField("limit", .unsigned(maximumBytes)),
      ])
    case .acknowledge(let position): .map([CBORField("position", position.cbor)])
    case .predict(let input): .map([CBORField("input", .bytes(input))])
    case .feedback(let prediction, let label):
      .map([
        CBORField("prediction", prediction.cbor), CBORField("label", .unsigned(label)),
      ])
    case .profile(let variant, let runs, let milliseconds):
      .map([
        CBORField("variant", CBOR(variant)), CBORField("runs", .unsigned(runs)),
        CBORField("milliseconds", .unsigned(milliseconds)),
      ])
    }
  }
}
