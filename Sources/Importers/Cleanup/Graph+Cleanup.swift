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

  /// Drops nodes that no output depends on, and tensors that no node uses.
  mutating func removeUnused() {
    var needed = Set(outputs)
    var kept: [Node] = []
    for node in nodes.reversed() where node.outputs.contains(where: needed.contains) {
      needed.formUnion(node.inputs.compactMap { $0 })
      needed.formUnion(node.outputs)
      kept.append(node)
    }
    nodes = kept.reversed()
    needed.formUnion(inputs)
    var numbers: [TensorID: TensorID] = [:]
    var used: [Tensor] = []
    for (index, tensor) in tensors.enumerated() where needed.contains(TensorID(index)) {
      numbers[TensorID(index)] = TensorID(used.count)
      used.append(tensor)
    }
    tensors = used
    inputs = inputs.compactMap { numbers[$0] }
    outputs = outputs.compactMap { numbers[$0] }
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { $0.flatMap { numbers[$0] } }
      nodes[index].outputs = nodes[index].outputs.compactMap { numbers[$0] }
    }
  }
}
