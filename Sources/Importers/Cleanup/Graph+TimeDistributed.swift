internal import ModelFormat

/// Keras 3 unrolls `TimeDistributed` into one copy of the layers for each time step: a slice, the
/// layers, and a concatenation of all results. As the layers work on rows, one node over all rows
/// does the same.
extension Graph {
  mutating func mergeTimeDistributedRows() {
    var producers: [TensorID: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs { producers[output] = index }
    }
    var rewritten: [Node] = []
    for node in nodes {
      guard let merged = merged(node, producers) else {
        rewritten.append(node)
        continue
      }
      rewritten += merged
    }
    nodes = rewritten
  }

  /// What replaces the concatenation `node`, when its parts are the rows of one tensor, all treated alike.
  private mutating func merged(_ node: Node, _ producers: [TensorID: Int]) -> [Node]? {
    guard case .concatenate(let axis) = node.operation, node.inputs.count > 1 else { return nil }
    var layers: [Node]?
    var source: TensorID?
    for (position, input) in node.inputs.enumerated() {
      guard let input, self[input].shape.dimensions[..<axis].allSatisfy({ $0 == 1 }),
        let row = row(behind: input, producers), row.index == position
      else { return nil }
      if let layers, source != row.source || !Self.alike(layers, row.layers) { return nil }
      (layers, source) = (row.layers, row.source)
    }
    guard let layers, let source,
      self[source].shape.dimensions.dropLast().reduce(1, *)
        == node.inputs.count
    else { return nil }
    var merged: [Node] = []
    var current = source
    for layer in layers {
      var copy = layer
      copy.name = node.name + "/" + String(merged.count)
      copy.inputs[0] = current
      var output = self[layer.outputs[0]]
      var shape = self[current].shape
      shape[shape.rank - 1] = output.shape.dimensions.last ?? 1
      (output.name, output.shape) = (copy.name, shape)
      current = add(output)
      copy.outputs = [current]
      merged.append(copy)
    }
    merged.append(
      Node(name: node.name, operation: .reshape, inputs: [current], outputs: node.outputs))
    return merged
  }

  /// The layers that lead from row `index` of `source` to `tensor`, reshapes left out.
  private func row(
    behind tensor: TensorID, _ producers: [TensorID: Int]
  ) -> (source: TensorID, index: Int, layers: [Node])? {
    var layers: [Node] = []
    var current = tensor
    while let index = producers[current], let input = nodes[index].inputs[0] {
      let node = nodes[index]
      guard self[current].shape.elementCount == self[current].shape.dimensions.last else {
        return nil
      }
      switch node.operation {
      case .reshape where self[input].shape.dimensions.last == self[current].shape.dimensions.last:
        current = input
      case .dense, .softmax, .unary:
        layers.insert(node, at: 0)
        current = input
      case .slice(let begin, let strides):
        guard strides.allSatisfy({ $0 == 1 }), begin.last == 0,
          self[input].shape.dimensions.last == self[current].shape.dimensions.last
        else { return nil }
        // Which row that is, when rows are counted row-major over all axes but the last.
        var row = 0
        for axis in begin.indices.dropLast() { row = row * self[input].shape[axis] + begin[axis] }
        return (input, row, layers)
      default: return nil
      }
    }
    return nil
  }

  private static func alike(_ a: [Node], _ b: [Node]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy {
        $0.operation == $1.operation && $0.inputs.dropFirst() == $1.inputs.dropFirst()
      }
  }
}
