extension Graph {
  /// Drops nodes that no output depends on, and tensors that no node uses.
  public mutating func removeUnused() {
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
