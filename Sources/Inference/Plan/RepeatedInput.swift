internal import ModelFormat

extension Graph {
  /// The position of the node that writes a tensor; `nil` for inputs and constants.
  func producer(of id: TensorID, before index: Int) -> Int? {
    nodes[..<index].lastIndex { $0.outputs.contains(id) }
  }

  /// When the recurrent layer at `index` reads one vector repeated at every step (RepeatVector), the tensor that
  /// holds it once: its products with the input weights are then computed once.
  func repeatedInput(ofNode index: Int) -> TensorID? {
    guard nodes[index].operation.isRecurrent, let x = nodes[index].inputs.first, let x,
      let tile = producerBehindReshapes(of: x, before: index),
      case .tile(let multiples) = nodes[tile].operation,
      multiples.count == 3, multiples[0] == 1, multiples[2] == 1,
      let source = nodes[tile].inputs.first, let source,
      self[source].shape.rank == 3, self[source].shape[1] == 1,
      nodes[tile].outputs.first.map({ self[$0].shape == self[x].shape }) == true
    else { return nil }
    return source
  }

  /// The node whose values a tensor holds: a loop's layer reads what was turned to time first and back again.
  private func producerBehindReshapes(of id: TensorID, before index: Int) -> Int? {
    var node = producer(of: id, before: index)
    while let reshape = node, case .reshape = nodes[reshape].operation,
      let source = nodes[reshape].inputs.first, let source
    {
      node = producer(of: source, before: reshape)
    }
    return node
  }

  /// The tensors that the node's step reads: its inputs, or what they repeat.
  func reads(ofNode index: Int) -> [TensorID] {
    var reads = nodes[index].inputs.compactMap { $0 }
    if let source = repeatedInput(ofNode: index) { reads[0] = source }
    return reads
  }

  /// Whether the node takes no step: a reshape of computed values shares their memory, and a tile
  /// may have only readers that read through it.
  func isSkipped(node index: Int) -> Bool {
    guard let output = nodes[index].outputs.first else { return false }
    switch nodes[index].operation {
    case .reshape: return nodes[index].inputs.first.map { $0.map { !self[$0].isConstant } } == true
    case .tile: return !isRead(output)
    default: return false
    }
  }

  /// Whether a step, or whoever runs the network, reads a tensor or what a reshape makes of it.
  private func isRead(_ id: TensorID) -> Bool {
    if outputs.contains(id) { return true }
    return nodes.indices.contains { index in
      guard reads(ofNode: index).contains(id) else { return false }
      guard case .reshape = nodes[index].operation else { return true }
      return nodes[index].outputs.contains { isRead($0) }
    }
  }
}

extension Operator {
  var isRecurrent: Bool {
    switch self {
    case .lstm, .gru: true
    default: false
    }
  }
}
