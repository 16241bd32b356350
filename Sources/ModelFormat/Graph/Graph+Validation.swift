extension Graph {
  /// The most axes that a tensor has.
  public static let maximumRank = 8
  /// The most elements along one axis, and the most that a padding, stride, window or dilation spans.
  public static let maximumExtent = 1 << 24

  /// The most tensors and nodes, the most operands of one node, and the most bytes of one name: what fits into a
  /// package's header.
  public static let maximumTensors = 1 << 15
  public static let maximumNodes = 1 << 14
  public static let maximumOperands = 1 << 12
  public static let maximumNameBytes = 4096

  /// Checks every rule that the rest of the program relies on: identifiers, order of execution, tensor sizes,
  /// quantization, and each node's operands, types and shapes.
  ///
  /// - Throws: ``GraphError`` for the first rule broken, naming the tensor or the node.
  public func validate() throws(GraphError) {
    guard tensors.count <= Graph.maximumTensors, nodes.count <= Graph.maximumNodes,
      inputs.count <= Graph.maximumOperands, outputs.count <= Graph.maximumOperands
    else {
      throw GraphError(.graph, "has \(tensors.count) tensors and \(nodes.count) nodes: too many")
    }
    guard name.utf8.count <= Graph.maximumNameBytes else {
      throw GraphError(.graph, "has a name of \(name.utf8.count) bytes")
    }
    for index in tensors.indices { try validateTensor(index) }
    var isKnown = tensors.map { $0.isConstant }
    try validateInputs(&isKnown)
    for index in nodes.indices { try validateNode(index, &isKnown) }
    guard !outputs.isEmpty else { throw GraphError(.graph, "has no output") }
    for output in outputs {
      guard tensors.indices.contains(output.index) else {
        throw GraphError(.graph, "output \(output.index) is no tensor of the graph")
      }
      guard isKnown[output.index], !self[output].isConstant else {
        throw GraphError(place(of: output), "is a graph output that no node writes")
      }
    }
  }

  private func validateInputs(_ isKnown: inout [Bool]) throws(GraphError) {
    guard !inputs.isEmpty else { throw GraphError(.graph, "has no input") }
    for input in inputs {
      guard tensors.indices.contains(input.index) else {
        throw GraphError(.graph, "input \(input.index) is no tensor of the graph")
      }
      guard !isKnown[input.index] else {
        throw GraphError(place(of: input), "is a graph input twice, or a constant")
      }
      isKnown[input.index] = true
    }
  }

  private func validateNode(_ index: Int, _ isKnown: inout [Bool]) throws(GraphError) {
    let node = nodes[index]
    let rules = NodeRules(graph: self, index: index)
    guard node.name.utf8.count <= Graph.maximumNameBytes,
      node.inputs.count <= Graph.maximumOperands
    else { throw rules.error("has a name or a list of inputs that is too long") }
    for case let id? in node.inputs {
      guard tensors.indices.contains(id.index) else {
        throw rules.error("reads tensor \(id.index), which the graph does not have")
      }
      guard isKnown[id.index] else {
        throw rules.error("reads \(self[id].name), which is not computed yet")
      }
    }
    for id in node.outputs {
      guard tensors.indices.contains(id.index) else {
        throw rules.error("writes tensor \(id.index), which the graph does not have")
      }
      guard !isKnown[id.index] else {
        throw rules.error("writes \(self[id].name), which already has a value")
      }
      isKnown[id.index] = true
    }
    try rules.check()
  }

  func place(of id: TensorID) -> GraphError.Place {
    .tensor(index: id.index, name: tensors[id.index].name)
  }
}
