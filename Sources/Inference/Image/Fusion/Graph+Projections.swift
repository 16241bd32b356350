internal import ModelFormat

/// The projections to queries, keys and values of one input joined into one product: its rows are read, and in
/// dynamic-range graphs quantized, once.
extension Graph {
  mutating func joinProjections() {
    var position = 0
    while position < nodes.count {
      position += joinProjections(at: position) ? 3 : 1
    }
  }

  private mutating func joinProjections(at position: Int) -> Bool {
    guard case .attention = nodes[position].operation, nodes[position].inputs.count == 3 else {
      return false
    }
    let index = GraphIndex(self)
    var layers: [Node] = []
    for case let input? in nodes[position].inputs {
      let origin = beforeReshapes(input, index)
      guard let producer = index.producer(of: origin),
        case .dense = nodes[producer].operation,
        self[input].shape.dimensions.last == self[origin].shape.dimensions.last
      else { return false }
      layers.append(nodes[producer])
    }
    let first = layers[0]
    guard layers.count == 3, let x = first.inputs[0], let joined = joinedWeights(layers),
      layers.allSatisfy({
        $0.inputs[0] == x && $0.operation == first.operation
          && self[$0.outputs[0]].shape == self[first.outputs[0]].shape
      }), let attention = nodes[position].inputs[0]
    else { return false }
    let w = add(joined.weights)
    let b = joined.bias.map { addConstant(first.name + "/bias", [$0.count], $0) }
    var shape = self[first.outputs[0]].shape
    shape[shape.rank - 1] *= 3
    let output = add(Tensor(name: first.name, shape: shape, type: .float32))
    var replacement = [
      Node(name: first.name, operation: first.operation, inputs: [x, w, b], outputs: [output])
    ]
    var packed = self[attention].shape
    packed[2] *= 3
    nodes[position].inputs = [reshaped(output, to: packed, &replacement)]
    nodes.insert(contentsOf: replacement, at: position)
    return true
  }

  /// The rows of all weights one after the other, and the biases likewise.
  private func joinedWeights(_ layers: [Node]) -> (weights: Tensor, bias: [Float]?)? {
    guard let id = layers[0].inputs[1] else { return nil }
    var joined = self[id]
    joined.name += "/joined"
    joined.data = []
    joined.shape[0] *= layers.count
    let isInt8 = joined.type == .int8
    var scales: [Float] = []
    var bias: [Float] = []
    for layer in layers {
      guard let w = layer.inputs[1], let data = self[w].data, self[w].shape == self[id].shape,
        self[w].type == joined.type, let channels = self[w].shape.dimensions.first
      else { return nil }
      if isInt8 {
        guard self[w].hasSymmetricInt8Channels(axis: 0) else { return nil }
        scales += self[w].channelScales(channels)
      }
      joined.data? += data
      if layer.inputs.count > 2, let b = layer.inputs[2] {
        guard let values = floats(b), values.count == channels else { return nil }
        bias += values
      } else {
        bias += [Float](repeating: 0, count: channels)
      }
    }
    guard isInt8 || joined.type == .float32 || joined.type == .float16 else { return nil }
    if isInt8 {
      joined.quantization = Quantization(
        scales: scales, zeroPoints: [Int32](repeating: 0, count: scales.count), axis: 0)
    }
    return (joined, bias.contains { $0 != 0 } ? bias : nil)
  }
}
