public import Encoding

extension InferenceProfile {
  /// What layers a profile may have, and how long its texts may be, where it comes from afar.
  private static let mostLayers = 4096
  fileprivate static let longestText = 512

  /// Canonical CBOR: how a device sends its profile.
  public var cbor: CBOR {
    .map([
      CBORField("class", .text(deviceClass)), CBORField("kernels", .text(kernels)),
      CBORField("threads", .unsigned(threads)), CBORField("runs", .unsigned(runs)),
      CBORField("frequency", .unsigned(frequency)), CBORField("latency", .unsigned(latency)),
      CBORField("median", .unsigned(median)), CBORField("total", .unsigned(total)),
      CBORField("weights", .unsigned(weightBytes)), CBORField("arena", .unsigned(arenaBytes)),
      CBORField("layers", .array(layers.map { $0.cbor })),
    ])
  }

  /// Fields that are not known are passed over: a newer agent may tell more.
  public init(_ node: CBORNode) throws(CBORError) {
    var layers: [LayerProfile] = []
    for layer in try node.field("layers").elements(atMost: Self.mostLayers) {
      layers.append(try LayerProfile(layer))
    }
    self.init(
      deviceClass: try node.field("class").text(atMost: Self.longestText),
      kernels: try node.field("kernels").text(atMost: Self.longestText),
      threads: try node.field("threads").unsigned(), runs: try node.field("runs").unsigned(),
      frequency: try node.field("frequency").unsigned(),
      latency: try node.field("latency").unsigned(), median: try node.field("median").unsigned(),
      total: try node.field("total").unsigned(),
      weightBytes: try node.field("weights").unsigned(),
      arenaBytes: try node.field("arena").unsigned(), layers: layers)
  }
}

extension LayerProfile {
  var cbor: CBOR {
    .map([
      CBORField("name", .text(name)), CBORField("operation", .text(operation)),
      CBORField("fused", .array(fused.map { .text($0) })), CBORField("kernel", .text(kernel)),
      CBORField("tile", .unsigned(tile)),
      CBORField("arithmetic", .unsigned(UInt64(arithmetic.rawValue))),
      CBORField("macs", .unsigned(macs)), CBORField("weights", .unsigned(weightBytes)),
      CBORField("traffic", .unsigned(weightTraffic)), CBORField("read", .unsigned(readBytes)),
      CBORField("written", .unsigned(writtenBytes)), CBORField("median", .unsigned(median)),
      CBORField("total", .unsigned(total)),
    ])
  }

  init(_ node: CBORNode) throws(CBORError) {
    func text(_ key: String) throws(CBORError) -> String {
      try node.field(key).text(atMost: InferenceProfile.longestText)
    }
    func number(_ key: String) throws(CBORError) -> UInt64 { try node.field(key).unsigned() }
    var fused: [String] = []
    for item in try node.field("fused").elements(atMost: 64) {
      fused.append(try item.text(atMost: InferenceProfile.longestText))
    }
    self.init(
      name: try text("name"), operation: try text("operation"), fused: fused,
      kernel: try text("kernel"), tile: try number("tile"),
      arithmetic: try node.field("arithmetic").enumeration(), macs: try number("macs"),
      weightBytes: try number("weights"), weightTraffic: try number("traffic"),
      readBytes: try number("read"), writtenBytes: try number("written"),
      median: try number("median"), total: try number("total"))
  }
}
