internal import ModelFormat

extension Graph {
  /// The same function in the types that the kernels of a class take: float16 constants become float32
  /// unless the class widens them faster in the kernel than it reads float32, and so do int8 weights
  /// that no int8 kernel takes (ones with a zero point, with scales along another axis than the output
  /// channels, or with the value -128).
  func lowered(for deviceClass: DeviceClass) throws(InferenceError) -> Graph {
    var graph = self
    let halves = matrixHalves(largerThan: deviceClass.largestWidenedWeights)
    for index in tensors.indices where tensors[index].type == .float16 && tensors[index].isConstant
    {
      if !halves[index] { graph.tensors[index].widenFloat16() }
    }
    for node in nodes where !node.readsInt8(in: self) {
      for (position, axis) in node.operation.weightAxes {
        guard position < node.inputs.count, let id = node.inputs[position],
          graph[id].type == .int8, graph[id].isConstant
        else { continue }
        if !graph[id].hasSymmetricInt8Channels(axis: axis) {
          try graph.tensors[id.index].widenInt8(layer: node.name)
        }
      }
    }
    return graph
  }
}

extension Node {
  /// Whether the activation is int8 too, so that weights stay what they are.
  fileprivate func readsInt8(in graph: Graph) -> Bool {
    guard let first = inputs.first, let first else { return false }
    return graph[first].type == .int8
  }
}

extension Graph {
  /// Which tensors are float16 weights of packed matrices alone that would take more than `bytes` as float32.
  private func matrixHalves(largerThan bytes: Int) -> [Bool] {
    var halves = tensors.map { tensor in
      guard tensor.type == .float16, let data = tensor.data, data.count > bytes / 2 else {
        return false
      }
      // Infinities and NaN are left to the exact conversion.
      return !stride(from: 1, to: data.count, by: 2).contains { data[$0] & 0x7c == 0x7c }
    }
    for node in nodes {
      let matrices = node.operation.weightAxes
      for (position, id) in node.inputs.enumerated() {
        guard let id else { continue }
        let isMatrix = matrices.contains { $0.position == position && $0.axis == 0 }
        if !isMatrix { halves[id.index] = false }
      }
    }
    return halves
  }
}

extension Operator {
  /// The positions of weights that may be int8 while the activation is float32, and the axis of
  /// the output channels where a kernel takes them as they are.
  var weightAxes: [(position: Int, axis: Int)] {
    switch self {
    case .dense, .convolution2D, .transposedConvolution2D: [(1, 0)]
    case .lstm, .gru: [(1, 0), (2, 0)]
    case .depthwiseConvolution2D: [(1, 3)]
    default: []
    }
  }
}

extension Tensor {
  func hasSymmetricInt8Channels(axis: Int) -> Bool {
    guard let quantization, let data, shape.rank > axis else { return false }
    let perChannel = quantization.axis == axis && quantization.scales.count == shape[axis]
    let whole = quantization.axis == nil && quantization.scales.count == 1
    return (perChannel || whole) && quantization.zeroPoints.allSatisfy { $0 == 0 }
      && !data.contains(0x80)
  }

  /// The scale of each of `count` output channels, for weights with symmetric channels.
  func channelScales(_ count: Int) -> [Float] {
    guard let quantization else { return [] }
    if quantization.axis != nil { return quantization.scales }
    return [Float](repeating: quantization.scales[0], count: count)
  }

  mutating func widenFloat16() {
    guard let data else { return }
    var wide: [UInt8] = []
    wide.reserveCapacity(data.count * 2)
    for index in stride(from: 0, to: data.count - 1, by: 2) {
      let half = UInt16(data[index]) | UInt16(data[index + 1]) << 8
      wide.append(littleEndian: Binary16.number(half))
    }
    self.data = wide
    type = .float32
  }

  mutating func widenInt8(layer: String) throws(InferenceError) {
    guard let data, let quantization else {
      throw .unsupported(layer: layer, tensor: name, reason: "int8 weights have no quantization")
    }
    let axis = quantization.axis ?? 0
    let channels = quantization.axis.map { shape[$0] } ?? 1
    guard quantization.scales.count == channels, quantization.zeroPoints.count == channels else {
      throw .unsupported(
        layer: layer, tensor: name, reason: "has not one scale and zero point a channel")
    }
    let inner =
      quantization.axis == nil
      ? data.count : shape.dimensions[(axis + 1)...].reduce(1) { $0 * $1 }
    var wide: [UInt8] = []
    wide.reserveCapacity(data.count * 4)
    for index in data.indices {
      let channel = index / inner % channels
      let value = Int32(Int8(bitPattern: data[index])) - quantization.zeroPoints[channel]
      wide.append(littleEndian: Float(value) * quantization.scales[channel])
    }
    self.data = wide
    self.quantization = nil
    type = .float32
  }
}

extension [UInt8] {
  mutating func append(littleEndian value: Float) {
    let bits = value.bitPattern
    for shift in stride(from: UInt32(0), to: 32, by: 8) { append(UInt8(bits >> shift & 0xff)) }
  }
}
