internal import ModelFormat

extension Graph {
  /// The same function with every node whose operands are all constants replaced by its result.
  /// Computed with the portable kernels, so that the result is the same on every machine.
  func folded() throws(InferenceError) -> Graph {
    var known = tensors.map { $0.isConstant }
    var foldable: [Int] = []
    for (index, node) in nodes.enumerated() {
      let reads = node.inputs.compactMap { $0 }
      let isOutput = node.outputs.contains { outputs.contains($0) }
      guard !reads.isEmpty, !isOutput, reads.allSatisfy({ known[$0.index] }) else { continue }
      if node.operation.keepsState { continue }
      foldable.append(index)
      for output in node.outputs { known[output.index] = true }
    }
    guard !foldable.isEmpty else { return self }

    let rest = nodes.indices.filter { !foldable.contains($0) }.map { nodes[$0] }
    var constants = self
    constants.inputs = []
    constants.nodes = foldable.map { nodes[$0] }
    constants.outputs = constants.nodes.flatMap { $0.outputs }.filter { output in
      rest.contains { $0.inputs.contains(output) }
    }
    var graph = self
    graph.nodes = rest
    let values = try constants.computedOutputs()
    for (output, bytes) in zip(constants.outputs, values) {
      graph.tensors[output.index].data = bytes
    }
    return graph
  }

  /// The outputs of a graph without inputs.
  func computedOutputs() throws(InferenceError) -> [[UInt8]] {
    let prepared = try PreparedGraph(self, for: .generic)
    let interpreter = try prepared.interpreter()
    let total = interpreter.outputs.reduce(0) { $0 + $1.byteCount }
    var bytes = [UInt8](repeating: 0, count: total)
    try interpreter.run(input: [], output: &bytes)
    var start = 0
    return interpreter.outputs.map { spec in
      defer { start += spec.byteCount }
      return Array(bytes[start..<start + spec.byteCount])
    }
  }
}
