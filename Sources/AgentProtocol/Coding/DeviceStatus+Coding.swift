public import Encoding

extension DeviceStatus {
  public var cbor: CBOR {
    .map([
      CBORField("phase", .unsigned(UInt64(phase.rawValue))),
      CBORField("active", CBOR(optional: active)),
      CBORField("previous", CBOR(optional: previous)),
      CBORField("staged", CBOR(optional: staged)),
      CBORField(
        "quarantined",
        .array(quarantined.suffix(ProtocolLimits.quarantined).map { CBOR($0) })),
      CBORField("epoch", .unsigned(epoch.number)),
      CBORField("lastReversal", .text(lastReversal, cutTo: ProtocolLimits.message)),
      CBORField("daemonMemory", .unsigned(daemonMemory)),
      CBORField("modelMemory", .unsigned(modelMemory)),
      CBORField("uptime", .unsigned(uptime)),
      CBORField("starts", .unsigned(starts)),
    ])
  }

  /// Fields that are not known are passed over, as with ``Facts``.
  public init(_ node: CBORNode) throws(CBORError) {
    self.init(
      phase: try node.field("phase").enumeration(),
      active: try node.field("active").optionalDigest(),
      previous: try node.field("previous").optionalDigest(),
      staged: try node.field("staged").optionalDigest(),
      quarantined: try node.field("quarantined").elements(atMost: ProtocolLimits.quarantined)
        .digests(),
      epoch: try node.epoch(),
      lastReversal: try node.field("lastReversal").text(atMost: ProtocolLimits.message),
      daemonMemory: try node.field("daemonMemory").unsigned(),
      modelMemory: try node.field("modelMemory").unsigned(),
      uptime: try node.field("uptime").unsigned(), starts: try node.field("starts").unsigned())
  }
}
