public import Encoding

extension Tensor {
  func cbor(blob: Int?) -> CBOR {
    var fields = [
      CBORField("name", .text(name)), CBORField("shape", shape.cbor),
      CBORField("type", .unsigned(UInt64(type.rawValue))),
    ]
    if let quantization { fields.append(CBORField("quantization", quantization.cbor)) }
    if let blob { fields.append(CBORField("blob", CBOR(blob))) }
    return .map(fields)
  }

  static func reading(_ node: CBORNode) throws(CBORError) -> (tensor: Tensor, blob: Int?) {
    try node.allowOnly(["name", "shape", "type", "quantization", "blob"])
    var tensor = Tensor(
      name: try node.field("name").text(atMost: Graph.maximumNameBytes),
      shape: try Shape(node.field("shape")), type: try node.field("type").enumeration())
    if let quantization = try node.optionalField("quantization") {
      tensor.quantization = try Quantization(quantization)
    }
    guard let blob = try node.optionalField("blob") else { return (tensor, nil) }
    return (tensor, try blob.int())
  }
}

extension Shape {
  public var cbor: CBOR { .array(dimensions.map { CBOR($0) }) }

  public init(_ node: CBORNode) throws(CBORError) {
    let items = try node.elements(atMost: Graph.maximumRank)
    var dimensions: [Int] = []
    for item in items { dimensions.append(try item.int(in: 1...Int32(Graph.maximumExtent))) }
    self.init(dimensions)
    guard elementCount != nil else {
      throw node.error(.invalid("the shape's product is too large"))
    }
  }
}

extension Quantization {
  var cbor: CBOR {
    .map([
      CBORField("scales", .array(scales.map { .float(Double($0)) })),
      CBORField("zeros", .array(zeroPoints.map { CBOR(Int64($0)) })),
      CBORField("axis", axis.map { CBOR($0) } ?? .null),
    ])
  }

  init(_ node: CBORNode) throws(CBORError) {
    try node.allowOnly(["scales", "zeros", "axis"])
    var scales: [Float] = []
    for item in try node.field("scales").elements() { scales.append(try item.single()) }
    var zeroPoints: [Int32] = []
    for item in try node.field("zeros").elements(count: scales.count) {
      zeroPoints.append(Int32(try item.int(in: .min ... .max)))
    }
    var axis: Int? = nil
    if let present = try node.field("axis").optional() {
      axis = try present.int(in: 0...Int32(Graph.maximumRank))
    }
    self.init(scales: scales, zeroPoints: zeroPoints, axis: axis)
  }
}

extension CBORNode {
  /// A number that a `Float` holds exactly.
  func single() throws(CBORError) -> Float {
    let number = try float()
    let single = Float(number)
    guard Double(single) == number else {
      throw error(.invalid("the number is not one of single precision"))
    }
    return single
  }
}
