internal import ModelFormat

/// Moves that change nothing, and transposes that follow each other or only move axes of one index.
extension Graph {
  mutating func removeIdleMoves() {
    var replacement: [TensorID: TensorID] = [:]
    var kept: [Node] = []
    var index = GraphIndex(self)
    for position in nodes.indices {
      nodes[position].inputs = nodes[position].inputs.map { $0.map { replacement[$0] ?? $0 } }
      simplifyTranspose(position, index)
      let node = nodes[position]
      if let input = node.inputs.first, let input, isIdle(node, input),
        !outputs.contains(node.outputs[0])
      {
        replacement[node.outputs[0]] = input
      } else {
        kept.append(node)
      }
    }
    nodes = kept
    index = GraphIndex(self)
  }

  private func isIdle(_ node: Node, _ input: TensorID) -> Bool {
    guard let output = node.outputs.first, self[input].shape == self[output].shape,
      self[input].type == self[output].type,
      self[input].quantization == self[output].quantization
    else { return false }
    switch node.operation {
    case .reshape, .tile, .pad: return true
    case .slice(_, let strides): return strides.allSatisfy { $0 == 1 }
    case .transpose(let permutation): return permutation == Array(permutation.indices)
    case .concatenate: return node.inputs.count == 1
    case .binary(let kind, .none):
      guard node.inputs.count == 2, let other = node.inputs[1], let number = number(other) else {
        return false
      }
      switch kind {
      case .multiply, .divide, .power: return number == 1
      case .subtract: return number == 0
      default: return false
      }
    default: return false
    }
  }

  private mutating func simplifyTranspose(_ position: Int, _ index: GraphIndex) {
    guard case .transpose(var permutation) = nodes[position].operation,
      let input = nodes[position].inputs[0]
    else { return }
    if let before = index.producer(of: input), before < position,
      case .transpose(let first) = nodes[before].operation, let origin = nodes[before].inputs[0]
    {
      permutation = permutation.map { first[$0] }
      nodes[position].operation = .transpose(permutation: permutation)
      nodes[position].inputs[0] = origin
    }
    guard let source = nodes[position].inputs[0] else { return }
    let long = permutation.filter { self[source].shape[$0] != 1 }
    if long == long.sorted() { nodes[position].operation = .reshape }
  }
}
