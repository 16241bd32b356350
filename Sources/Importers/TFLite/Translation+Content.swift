internal import ModelFormat

/// What a value computed at run time holds: float32, or int8 with one scale and zero point.
struct Content: Equatable {
  var type: ElementType
  var quantization: Quantization?

  static let float32 = Content(type: .float32, quantization: nil)

  func tensor(_ name: String, _ shape: [Int]) -> Tensor {
    Tensor(name: name, shape: Shape(shape), type: type, quantization: quantization)
  }
}

extension Content {
  init(_ tensor: Tensor) {
    // Constants that are read as they are, float16 ones among them, compute in float32.
    let type: ElementType = tensor.type == .float16 ? .float32 : tensor.type
    self.init(type: type, quantization: tensor.quantization)
  }
}

/// The types of activations, and every refusal that comes of them.
extension Translation {
  /// What the file says that a tensor holds. uint8 becomes int8: both its values and its zero point move down by 128.
  func content(
    of tensor: TFLiteTensor, what: String, at site: Site? = nil
  ) throws(ImportError) -> Content {
    switch tensor.type {
    case .float32: return .float32
    // Truth values are 1 and 0; they never leave the network.
    case .bool where site != nil: return .float32
    case .int8, .uint8:
      let quantization = try wholeQuantization(
        tensor.quantization, type: tensor.type, what: what, at: site)
      return Content(type: .int8, quantization: quantization)
    case .int16:
      throw unsupported(
        "\(what) is int16, and quantized networks are computed with int8 activations", at: site,
        advice: "convert the model with int8 activations, or import the float32 model")
    default:
      throw unsupported(
        "\(what) is \(tensor.type), and only float32 and int8 are computed", at: site,
        advice: "end the network before it, and give it float32 inputs")
    }
  }

  /// One scale and zero point, sound and within the type.
  private func wholeQuantization(
    _ given: TFLiteQuantization?, type: TFLiteElementType, what: String, at site: Site?
  ) throws(ImportError) -> Quantization {
    guard let given, let scale = given.scales.first else {
      throw failure(at: site, .inconsistent("\(what) is \(type) and has no scale"))
    }
    let zeroPoints = given.zeroPoints.isEmpty ? [0] : given.zeroPoints
    guard given.scales.count == 1, zeroPoints.count == 1 else {
      throw unsupported(
        "\(what) has \(given.scales.count) scales, and activations have one", at: site)
    }
    guard scale.isFinite, scale > 0 else {
      throw failure(at: site, .inconsistent("\(what) has the scale \(scale)"))
    }
    let (zero, overflow) = zeroPoints[0].subtractingReportingOverflow(type == .uint8 ? 128 : 0)
    guard !overflow, (-128...127).contains(zero) else {
      throw failure(
        at: site, .inconsistent("\(what) has the zero point \(zeroPoints[0]), beyond \(type)"))
    }
    return Quantization(scales: [scale], zeroPoints: [Int32(zero)])
  }

  /// Whether the operator computes in int8, as its first output shows; a comparison's operands do.
  func isQuantized(_ site: Site) -> Bool {
    let types = site.op.outputs.prefix(1).map { subgraph.tensors[$0].type }
    guard types == [.bool] else { return types.contains { $0.isQuantizedByte } }
    return site.op.inputs.contains { $0.map { subgraph.tensors[$0].type.isQuantizedByte } == true }
  }

  /// What the operator's first output holds.
  func declaredContent(at site: Site) throws(ImportError) -> Content {
    guard isQuantized(site), let number = site.op.outputs.first else { return .float32 }
    return try content(of: subgraph.tensors[number], what: "its output", at: site)
  }

  /// Refuses an output that the file describes otherwise than the graph computes it.
  func check(
    _ id: TensorID, against tensor: TFLiteTensor, at site: Site
  ) throws(ImportError) {
    let declared = try content(of: tensor, what: "its output", at: site)
    guard declared.type == graph[id].type else {
      throw failure(
        at: site, .inconsistent("its output is \(declared.type), its operands \(graph[id].type)"))
    }
    guard declared == Content(graph[id]) else {
      throw unsupported(
        "its output is quantized otherwise than its operand, whose elements it moves", at: site,
        advice: "convert the model again with a recent converter")
    }
  }

  /// A constant operand of a quantized operator.
  func quantizedTensor(_ constant: Constant, at site: Site) throws(ImportError) -> Tensor {
    let quantization = try wholeQuantization(
      constant.quantization, type: constant.type, what: "its constant '\(constant.name)'", at: site)
    return Tensor(
      name: constant.name, shape: Shape(constant.shape), type: .int8, quantization: quantization,
      data: constant.type == .uint8 ? constant.bytes.map { $0 ^ 0x80 } : constant.bytes)
  }

  /// The bias of a quantized operator, in units of the input's scale times the weights'.
  mutating func integerBias(
    _ index: Int, _ constant: Constant, of site: Site
  ) throws(ImportError) -> TensorID {
    guard constant.type == .int32 else {
      throw unsupported("its bias '\(constant.name)' is \(constant.type)", at: site)
    }
    let number = site.op.inputs[index]
    if let number, let id = operands[number] { return id }
    let id = graph.add(
      Tensor(
        name: constant.name, shape: Shape(constant.shape), type: .int32, data: constant.bytes))
    if let number { operands[number] = id }
    return id
  }
}

extension Operator {
  /// Whether the output holds the very elements of the first input.
  var movesElements: Bool {
    switch self {
    case .reshape, .transpose, .tile, .concatenate, .slice, .gather, .pad: true
    default: false
    }
  }
}
