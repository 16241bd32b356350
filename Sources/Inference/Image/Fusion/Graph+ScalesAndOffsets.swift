internal import ModelFormat

/// Batch normalization, scales and offsets behind an operator with weights, folded into its weights and bias.
extension Graph {
  mutating func foldScalesAndOffsets() {
    var index = GraphIndex(self)
    for position in nodes.indices {
      guard let change = ChannelChange(nodes[position], self),
        let producer = weightedProducer(of: change.x, index), producer < position,
        apply(change, to: producer)
      else { continue }
      // What is left is the operator's output under another name.
      nodes[position].operation = .reshape
      nodes[position].inputs = [change.x]
      index = GraphIndex(self)
    }
  }

  /// The node with weights whose output, read by nobody else, `id` is, but for its shape.
  func weightedProducer(of id: TensorID, _ index: GraphIndex) -> Int? {
    var current = id
    while index.isPrivate(current), let position = index.producer(of: current) {
      let node = nodes[position]
      if node.operation == .reshape, let input = node.inputs[0],
        self[input].shape.dimensions.last == self[current].shape.dimensions.last
      {
        current = input
        continue
      }
      guard node.operation.channelAxis != nil, node.operation.activation == Activation.none,
        let x = node.inputs[0], self[x].type == .float32, self[current].type == .float32
      else { return nil }
      return position
    }
    return nil
  }

  private mutating func apply(_ change: ChannelChange, to position: Int) -> Bool {
    var node = nodes[position]
    guard let axis = node.operation.channelAxis, let w = node.inputs[1],
      self[w].isConstant, let channels = self[node.outputs[0]].shape.dimensions.last
    else { return false }
    var bias = [Float](repeating: 0, count: channels)
    if node.inputs.count > 2, let id = node.inputs[2] {
      guard let values = floats(id), values.count == channels else { return false }
      bias = values
    }
    guard change.factors?.count ?? channels == channels,
      change.offsets?.count ?? channels == channels
    else { return false }
    if let factors = change.factors {
      guard let scaled = self[w].scaled(by: factors, axis: axis) else { return false }
      node.inputs[1] = add(scaled)
      bias = zip(bias, factors).map { $0 * $1 }
    }
    if let offsets = change.offsets { bias = zip(bias, offsets).map { $0 + $1 } }
    if node.inputs.count > 2 || bias.contains(where: { $0 != 0 }) {
      node.inputs = [
        node.inputs[0], node.inputs[1], addConstant(node.name + "/bias", [channels], bias),
      ]
    }
    nodes[position] = node
    return true
  }
}

/// `y = x · factors + offsets`, one of each a channel.
private struct ChannelChange {
  var x: TensorID
  var factors: [Float]?
  var offsets: [Float]?

  init?(_ node: Node, _ graph: Graph) {
    guard case .binary(let kind, .none) = node.operation, let a = node.inputs[0],
      let b = node.inputs[1], graph[node.outputs[0]].type == .float32
    else { return nil }
    let constant = graph[b].isConstant ? b : a
    x = graph[b].isConstant ? a : b
    guard !graph[x].isConstant, graph[x].shape == graph[node.outputs[0]].shape,
      let channels = graph[x].shape.dimensions.last,
      let values = graph.lastAxisValues(constant, count: channels)
    else { return nil }
    switch (kind, x == a) {
    case (.add, _): offsets = values
    case (.subtract, true): offsets = values.map { -$0 }
    case (.multiply, _): factors = values
    case (.divide, true):
      guard values.allSatisfy({ $0 != 0 }) else { return nil }
      factors = values.map { 1 / $0 }
    default: return nil
    }
  }
}

extension Operator {
  /// The axis of the weights that the output's channels are on, for operators with weights at input 1 and a bias at 2.
  var channelAxis: Int? {
    switch self {
    case .dense, .convolution2D, .transposedConvolution2D: 0
    case .depthwiseConvolution2D: 3
    default: nil
    }
  }
}

extension Tensor {
  /// Weights with each channel multiplied; `nil` for types that would lose by it.
  fileprivate func scaled(by factors: [Float], axis: Int) -> Tensor? {
    var copy = self
    copy.name += "/scaled"
    guard let data, shape.rank > axis, shape[axis] == factors.count else { return nil }
    if type == .int8 {
      guard var quantization, factors.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
      if quantization.axis == nil {
        let (scale, zero) = (quantization.scales[0], quantization.zeroPoints[0])
        quantization.scales = factors.map { _ in scale }
        quantization.zeroPoints = factors.map { _ in zero }
        quantization.axis = axis
      }
      guard quantization.axis == axis, quantization.scales.count == factors.count else {
        return nil
      }
      quantization.scales = zip(quantization.scales, factors).map { $0 * $1 }
      guard quantization.scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
      copy.quantization = quantization
      return copy
    }
    guard type == .float32 else { return nil }
    let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(data.count)
    for index in 0..<data.count / 4 {
      var bits: UInt32 = 0
      for byte in 0..<4 { bits |= UInt32(data[4 * index + byte]) << UInt32(8 * byte) }
      bytes.append(littleEndian: Float(bitPattern: bits) * factors[index / inner % factors.count])
    }
    copy.data = bytes
    return copy
  }
}
