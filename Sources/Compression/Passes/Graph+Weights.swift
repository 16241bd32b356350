internal import ModelFormat

/// A constant in the role of weights, and the axis that counts its output channels.
struct WeightUse: Equatable {
  var tensor: TensorID
  var channelAxis: Int
  /// Whether the operator takes them as int4 blocks.
  var takesBlocks: Bool
}

extension Graph {
  /// The constants that nodes use as weights and as nothing else, each once, in the order of use.
  ///
  /// Only these change their type: kernels take weights in several types, and other operands,
  /// biases among them, in float32 alone. Layers whose activations are int8 already stay as they are.
  var weightUses: [WeightUse] {
    var uses: [WeightUse] = []
    var excluded: Set<TensorID> = []
    for node in nodes {
      let isQuantized = node.inputs.first.map { $0.map { self[$0].type == .int8 } } == true
      for (position, input) in node.inputs.enumerated() {
        guard let input, self[input].isConstant else { continue }
        guard !isQuantized, let axis = node.operation.channelAxis(ofInput: position) else {
          excluded.insert(input)
          continue
        }
        let use = WeightUse(
          tensor: input, channelAxis: axis, takesBlocks: node.operation.takesBlocks)
        if uses.contains(use) { continue }
        if uses.contains(where: { $0.tensor == input }) { excluded.insert(input) }
        uses.append(use)
      }
    }
    return uses.filter { !excluded.contains($0.tensor) && !outputs.contains($0.tensor) }
  }
}

extension Operator {
  /// The axis of output channels, where input `position` takes weights; else `nil`.
  fileprivate func channelAxis(ofInput position: Int) -> Int? {
    switch self {
    case .dense, .convolution2D, .transposedConvolution2D: position == 1 ? 0 : nil
    case .depthwiseConvolution2D: position == 1 ? 3 : nil
    case .lstm, .gru: position == 1 || position == 2 ? 0 : nil
    default: nil
    }
  }

  fileprivate var takesBlocks: Bool {
    switch self {
    case .dense, .lstm, .gru: true
    default: false
    }
  }
}
