internal import ModelFormat

/// Constants in the role of weights: float32, float16, or int8 with one scale for each channel.
extension Translation {
  /// The weights at input `index`, in the graph; added when they are first used.
  mutating func weight(
    _ index: Int, of site: Site, channelAxis: Int
  ) throws(ImportError) -> TensorID {
    let number = site.op.inputs.indices.contains(index) ? site.op.inputs[index] : nil
    if let number, let id = weights[number] { return id }
    let constant = try constant(index, of: site, what: "its weights")
    var tensor = try weightTensor(constant, channelAxis: channelAxis, at: site)
    if isQuantized(site) {
      guard tensor.type == .int8 else {
        throw unsupported("its weights '\(constant.name)' are \(constant.type)", at: site)
      }
      // One scale for the whole tensor rounds otherwise than the same scale for each channel: say which it is.
      if constant.quantization?.scales.count == 1 {
        tensor.quantization = constant.quantization.map {
          Quantization(scales: $0.scales, zeroPoints: [0])
        }
      }
    }
    let id = graph.add(tensor)
    if let number { weights[number] = id }
    return id
  }

  func weightTensor(
    _ constant: Constant, channelAxis: Int, at site: Site
  ) throws(ImportError) -> Tensor {
    let type: ElementType
    var quantization: Quantization?
    switch constant.type {
    case .float32: type = .float32
    case .float16: type = .float16
    case .int8:
      type = .int8
      quantization = try symmetric(constant, axis: channelAxis, at: site)
    default:
      throw unsupported("its weights '\(constant.name)' are \(constant.type)", at: site)
    }
    return Tensor(
      name: constant.name, shape: Shape(constant.shape), type: type, quantization: quantization,
      data: constant.bytes)
  }

  /// One scale for each channel; a single scale for the whole tensor is repeated.
  private func symmetric(
    _ constant: Constant, axis: Int, at site: Site
  ) throws(ImportError) -> Quantization {
    guard let given = constant.quantization, constant.shape.indices.contains(axis) else {
      throw failure(at: site, .inconsistent("its int8 weights '\(constant.name)' have no scales"))
    }
    let channels = constant.shape[axis]
    guard given.zeroPoints.allSatisfy({ $0 == 0 }) else {
      throw unsupported("its int8 weights '\(constant.name)' have a zero point", at: site)
    }
    guard !constant.bytes.contains(0x80) else {
      throw unsupported(
        "its int8 weights '\(constant.name)' hold -128, outside the symmetric range", at: site)
    }
    guard given.scales.count == 1 || (given.axis == axis && given.scales.count == channels),
      given.scales.allSatisfy({ $0.isFinite && $0 > 0 })
    else {
      throw failure(
        at: site,
        .inconsistent("its int8 weights '\(constant.name)' have scales that do not fit them"))
    }
    let scales =
      given.scales.count == channels
      ? given.scales : Array(repeating: given.scales[0], count: channels)
    return Quantization(
      scales: scales, zeroPoints: Array(repeating: 0, count: channels), axis: axis)
  }
}
