internal import ModelFormat

/// A recurrent layer that goes backwards arrives as one that goes forwards over a sequence turned around. The layer
/// itself turns around instead, so that what turns its output back falls away.
extension Graph {
  mutating func turnRecurrentLayers() {
    let reader = CellReader(self)
    var turned: [Node] = []
    for var node in nodes {
      guard node.operation.isRecurrent, let x = node.inputs[0],
        let source = unturned(x, reader)
      else {
        turned.append(node)
        continue
      }
      let y = node.outputs[0]
      node.operation.isReversed.toggle()
      var forward = source
      if self[source].shape != self[x].shape {
        var tensor = self[x]
        tensor.name += "/forward"
        forward = add(tensor)
        turned.append(
          Node(name: tensor.name, operation: .reshape, inputs: [source], outputs: [forward]))
      }
      node.inputs[0] = forward
      var tensor = self[y]
      tensor.name += "/reversed"
      let back = add(tensor)
      node.outputs[0] = back
      turned.append(node)
      let steps = tensor.shape[1]
      let slice = Operator.slice(begin: [0, steps - 1, 0], strides: [1, -1, 1])
      turned.append(Node(name: self[y].name, operation: slice, inputs: [back], outputs: [y]))
    }
    nodes = turned
  }

  /// What `x` of shape [batch, time, features] was before its time was turned around, up to a reshape.
  private func unturned(_ x: TensorID, _ reader: CellReader) -> TensorID? {
    var current = x
    while let node = reader.node(behind: current), let source = node.inputs[0] {
      switch node.operation {
      case .reshape: current = source
      case .slice(let begin, let strides):
        let shape = self[source].shape
        guard shape == self[current].shape, self[source].type == self[x].type,
          let axis = strides.firstIndex(of: -1),
          strides.indices.allSatisfy({ $0 == axis || (strides[$0] == 1 && begin[$0] == 0) }),
          begin[axis] == shape[axis] - 1, shape[axis] == self[x].shape[1],
          shape.dimensions[..<axis].reduce(1, *) == self[x].shape[0]
        else { return nil }
        return source
      default: return nil
      }
    }
    return nil
  }

  /// Reads a slice of a slice from what the first was cut of.
  mutating func joinSlices() {
    var cuts: [TensorID: Node] = [:]
    for index in nodes.indices {
      guard case .slice(let begin, let strides) = nodes[index].operation,
        let input = nodes[index].inputs[0], let output = nodes[index].outputs.first
      else { continue }
      if let cut = cuts[input], case .slice(let first, let steps) = cut.operation,
        first.count == begin.count, let source = cut.inputs[0],
        (strides + steps).allSatisfy({ $0 == 1 || $0 == -1 })
      {
        nodes[index].inputs = [source]
        nodes[index].operation = .slice(
          begin: begin.indices.map { first[$0] + begin[$0] * steps[$0] },
          strides: zip(strides, steps).map { $0 * $1 })
      }
      cuts[output] = nodes[index]
    }
  }
}
