import Encoding

extension Holding {
  var cbor: CBOR { .array([CBOR(object), .unsigned(bytes), .bool(isComplete)]) }

  init(_ node: CBORNode) throws(CBORError) {
    let parts = try node.elements(count: 3)
    self.init(
      object: try parts[0].digest(), bytes: try parts[1].unsigned(),
      isComplete: try parts[2].bool())
  }
}

extension ProbeOutcome {
  var cbor: CBOR {
    .map([
      CBORField("variant", CBOR(variant)), CBORField("predictions", .unsigned(predictions)),
      CBORField("correct", .unsigned(correct)), CBORField("misses", .unsigned(misses)),
    ])
  }

  init(_ node: CBORNode) throws(CBORError) {
    try node.allowOnly(["variant", "predictions", "correct", "misses"])
    let predictions = try node.field("predictions").unsigned()
    self.init(
      variant: try node.field("variant").digest(), predictions: predictions,
      correct: try node.field("correct").unsigned(atMost: predictions),
      misses: try node.field("misses").unsigned(atMost: predictions))
  }
}

extension Prediction {
  /// The output travels as little-endian float32, as it lies in memory.
  var cbor: CBOR {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * output.count)
    for number in output {
      let bits = number.bitPattern
      for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
    return .map([
      CBORField("id", id.cbor), CBORField("variant", CBOR(variant)),
      CBORField("label", CBOR(optional: label)), CBORField("output", .bytes(bytes)),
      CBORField("latency", .unsigned(latency)),
    ])
  }

  init(_ node: CBORNode) throws(CBORError) {
    try node.allowOnly(["id", "variant", "label", "output", "latency"])
    let field = try node.field("output")
    let bytes = try field.bytes(atMost: ProtocolLimits.payload)
    guard bytes.count.isMultiple(of: 4) else {
      throw field.error(.invalid("the output is not a whole number of float32"))
    }
    var output: [Float] = []
    output.reserveCapacity(bytes.count / 4)
    for start in stride(from: 0, to: bytes.count, by: 4) {
      var bits: UInt32 = 0
      for index in 0..<4 { bits |= UInt32(bytes[start + index]) << UInt32(8 * index) }
      output.append(Float(bitPattern: bits))
    }
    self.init(
      id: try JournalPosition(node.field("id")), variant: try node.field("variant").digest(),
      label: try node.field("label").optionalUnsigned(), output: output,
      latency: try node.field("latency").unsigned())
  }
}

extension CBORNode {
  func optionalUnsigned() throws(CBORError) -> UInt64? {
    guard let present = optional() else { return nil }
    return try present.unsigned()
  }

  func optionalDigest() throws(CBORError) -> Digest? {
    guard let present = optional() else { return nil }
    return try present.digest()
  }
}
