internal import ModelFormat

/// Rewrites that leave what a graph computes as it is.
extension Graph {
  /// Takes out reshapes and slices that change nothing, and reads through a reshape to the one before it.
  mutating func removeIdleMoves() {
    var replacement: [TensorID: TensorID] = [:]
    var source: [TensorID: TensorID] = [:]
    var kept: [Node] = []
    for var node in nodes {
      node.inputs = node.inputs.map { $0.map { replacement[$0] ?? $0 } }
      if case .slice(_, let strides) = node.operation, let input = node.inputs[0],
        strides.allSatisfy({ $0 == 1 }), self[input].shape == self[node.outputs[0]].shape,
        !outputs.contains(node.outputs[0])
      {
        replacement[node.outputs[0]] = input
        continue
      }
      if case .reshape = node.operation, let input = node.inputs[0] {
        let origin = source[input] ?? input
        node.inputs[0] = origin
        let output = node.outputs[0]
        if self[origin].shape == self[output].shape, !outputs.contains(output) {
          replacement[output] = origin
          continue
        }
        source[output] = origin
      }
      kept.append(node)
    }
    nodes = kept
  }
}
