public import Encoding

extension Request {
  public init(kind: CBORNode, body: CBORNode) throws(CBORError) {
    switch try kind.unsigned() {
    case 0:
      // Nothing else is refused here: a later version may say more in its first word.
      self = .hello(protocolVersion: try body.field("version").unsigned())
    case 1:
      try body.allowOnly([])
      self = .status
    case 2:
      try body.allowOnly(["objects"])
      let nodes = try body.field("objects").elements(atMost: ProtocolLimits.holdings)
      self = .holdings(try nodes.digests())
    case 3:
      self = try Request.upload(body)
    case 4:
      try body.allowOnly(["variant", "epoch"])
      self = .stage(variant: try body.field("variant").digest(), epoch: try body.epoch())
    case 5:
      try body.allowOnly(["variant", "terms", "epoch"])
      self = .activate(
        variant: try body.field("variant").digest(), terms: try TrialTerms(body.field("terms")),
        epoch: try body.epoch())
    case 6:
      try body.allowOnly(["variant", "predictions", "epoch"])
      self = .probe(
        variant: try body.field("variant").digest(),
        predictions: try body.field("predictions").unsigned(), epoch: try body.epoch())
    case 7:
      try body.allowOnly(["variant", "epoch"])
      self = .commit(variant: try body.field("variant").digest(), epoch: try body.epoch())
    case 8:
      try body.allowOnly(["reason", "epoch"])
      self = .revert(
        reason: try body.field("reason").text(atMost: ProtocolLimits.message),
        epoch: try body.epoch())
    case 9:
      try body.allowOnly(["epoch"])
      self = .keepAlive(epoch: try body.epoch())
    case 10:
      try body.allowOnly(["after", "limit"])
      let after = try body.field("after").optional()
      self = .collect(
        after: after == nil ? nil : try JournalPosition(body.field("after")),
        maximumBytes: try body.field("limit").unsigned())
    case 11:
      try body.allowOnly(["position"])
      self = .acknowledge(try JournalPosition(body.field("position")))
    case 12:
      try body.allowOnly(["input"])
      self = .predict(input: try body.field("input").bytes(atMost: ProtocolLimits.payload))
    case 13:
      try body.allowOnly(["prediction", "label"])
      self = .feedback(
        prediction: try JournalPosition(body.field("prediction")),
        label: try body.field("label").unsigned())
    case 14:
      try body.allowOnly(["variant", "runs", "milliseconds"])
      self = .profile(
        variant: try body.field("variant").digest(),
        runs: try body.field("runs").unsigned(atMost: ProtocolLimits.profileRuns),
        milliseconds: try body.field("milliseconds")
          .unsigned(atMost: ProtocolLimits.profileMilliseconds))
    case let unknown:
      throw kind.error(.unknownCase(unknown))
    }
  }

  /// A piece must lie within its object, so that no receiver has to check it anew.
  private static func upload(_ body: CBORNode) throws(CBORError) -> Request {
    try body.allowOnly(["object", "total", "offset", "bytes"])
    let total = try body.field("total").unsigned()
    let offset = try body.field("offset").unsigned(atMost: total)
    let piece = try body.field("bytes")
    let bytes = try piece.bytes(atMost: ProtocolLimits.payload)
    guard UInt64(bytes.count) <= total - offset else {
      throw piece.error(.invalid("the piece goes beyond the object's \(total) bytes"))
    }
    return .upload(
      object: try body.field("object").digest(), totalBytes: total, offset: offset, bytes: bytes)
  }
}

extension CBORNode {
  func epoch() throws(CBORError) -> Epoch { Epoch(try field("epoch").unsigned()) }
}

extension [CBORNode] {
  func digests() throws(CBORError) -> [Digest] {
    var digests: [Digest] = []
    digests.reserveCapacity(count)
    for node in self { digests.append(try node.digest()) }
    return digests
  }
}
