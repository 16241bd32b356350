import Encoding

extension Manifest {
  private static let format = "bramble manifest 1"
  private static let textLimit = 4096
  private static let listLimit = 4096

  /// Canonical CBOR: the manifest's object.
  public func encode() -> [UInt8] {
    CBOR.map([
      CBORField("format", .text(Manifest.format)),
      CBORField("model", .text(model)),
      CBORField("recipe", .text(recipe)),
      CBORField("package", package.cbor),
      CBORField("images", .map(images.map { CBORField($0.deviceClass, $0.object.cbor) })),
      CBORField("probe", probe.map { $0.cbor } ?? .null),
      CBORField("labels", .array(labels.map { .text($0) })),
      CBORField("decision", .text(decision.description)),
      CBORField("budget", .unsigned(budgetMicroseconds)),
      CBORField("parent", CBOR(optional: parent)),
      CBORField("quality", quality.map { $0.cbor } ?? .null),
    ]).encoded()
  }

  /// From the bytes of a manifest's object. Images come in the order of their encoding.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(FormatError) {
    do throws(CBORError) {
      try self.init(CBORNode(root: try CBOR.decode(bytes, maximumItems: 1 << 16)))
    } catch {
      throw FormatError(error, start: 0)
    }
  }

  /// From the bytes of a manifest's object.
  public init(decoding bytes: [UInt8]) throws(FormatError) {
    self = try withBytes(bytes) { buffer throws(FormatError) in try Manifest(decoding: buffer) }
  }

  private init(_ node: CBORNode) throws(CBORError) {
    try node.allowOnly([
      "format", "model", "recipe", "package", "images", "probe", "labels", "decision", "budget",
      "parent", "quality",
    ])
    let format = try node.field("format")
    guard try format.text() == Manifest.format else {
      throw format.error(.invalid("not a manifest that this program knows; update it"))
    }
    var images: [ImageReference] = []
    for (name, item) in try node.field("images").fields(atMost: Manifest.listLimit) {
      let object = try ObjectReference(item)
      images.append(ImageReference(deviceClass: name, digest: object.digest, size: object.size))
    }
    var labels: [String] = []
    for item in try node.field("labels").elements(atMost: Manifest.listLimit) {
      labels.append(try item.text(atMost: Manifest.textLimit))
    }
    let probe = try node.field("probe").optional()
    let quality = try node.field("quality").optional()
    let parent = try node.field("parent").optional()
    self.init(
      model: try node.field("model").text(atMost: Manifest.textLimit),
      recipe: try node.field("recipe").text(atMost: Manifest.textLimit),
      package: try ObjectReference(node.field("package")), images: images,
      probe: probe == nil ? nil : try ObjectReference(node.field("probe")), labels: labels,
      decision: try DecisionRule(node.field("decision")),
      budgetMicroseconds: try node.field("budget").unsigned(),
      parent: parent == nil ? nil : try node.field("parent").digest(),
      quality: quality == nil ? nil : try Quality(node.field("quality")))
  }
}

extension DecisionRule {
  /// Only the text that ``description`` gives: one rule, one manifest.
  fileprivate init(_ node: CBORNode) throws(CBORError) {
    let text = try node.text(atMost: 256)
    do throws(DecisionRuleError) {
      self = try DecisionRule(parsing: text)
    } catch {
      throw node.error(.invalid(error.description))
    }
    guard description == text else { throw node.error(.notCanonical) }
  }
}

extension ObjectReference {
  /// `[digest, size]`.
  var cbor: CBOR { .array([CBOR(digest), .unsigned(size)]) }

  init(_ node: CBORNode) throws(CBORError) {
    let parts = try node.elements(count: 2)
    self.init(digest: try parts[0].digest(), size: try parts[1].unsigned())
  }
}

extension Quality {
  private static let names = ["accuracy", "agreement", "worstClass", "squaredError", "auc"]

  var cbor: CBOR {
    var fields = [CBORField("windows", .unsigned(windows))]
    let values = [accuracy, agreement, worstClass, meanSquaredError, areaUnderCurve]
    for (name, value) in zip(Quality.names, values) {
      if let value { fields.append(CBORField(name, .unsigned(value))) }
    }
    return .map(fields)
  }

  init(_ node: CBORNode) throws(CBORError) {
    try node.allowOnly(["windows"] + Quality.names)
    func value(_ name: String, atMost limit: UInt64 = 1_000_000) throws(CBORError) -> UInt64? {
      guard let field = try node.optionalField(name) else { return nil }
      return try field.unsigned(atMost: limit)
    }
    self.init(
      windows: try node.field("windows").unsigned(), accuracy: try value("accuracy"),
      agreement: try value("agreement"), worstClass: try value("worstClass"),
      meanSquaredError: try value("squaredError", atMost: .max),
      areaUnderCurve: try value("auc"))
  }
}
