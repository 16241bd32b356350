internal import ModelFormat

/// Transposes and scales that batched products and softmaxes take as part of their own work.
extension Graph {
  /// A transpose of the last two axes before a batched product becomes one of its flags.
  mutating func foldTransposedFactors() {
    let index = GraphIndex(self)
    for position in nodes.indices {
      guard case .batchMatMul(var turnsA, var turnsB) = nodes[position].operation,
        self[nodes[position].outputs[0]].type == .float32
      else { continue }
      if let source = turned(nodes[position].inputs[0], index) {
        nodes[position].inputs[0] = source
        turnsA.toggle()
      }
      if let source = turned(nodes[position].inputs[1], index) {
        nodes[position].inputs[1] = source
        turnsB.toggle()
      }
      nodes[position].operation = .batchMatMul(transposeA: turnsA, transposeB: turnsB)
    }
  }

  private func turned(_ id: TensorID?, _ index: GraphIndex) -> TensorID? {
    guard let id, let producer = index.producer(of: id),
      case .transpose(let permutation) = nodes[producer].operation, permutation.swapsLastTwo
    else { return nil }
    return nodes[producer].inputs[0]
  }

  /// A positive factor before a softmax becomes part of its beta.
  mutating func foldSoftmaxScale() {
    let index = GraphIndex(self)
    for position in nodes.indices {
      guard case .softmax(let beta) = nodes[position].operation,
        let x = nodes[position].inputs[0], let producer = index.producer(of: x),
        case .binary(let kind, .none) = nodes[producer].operation,
        let scaling = scaling(nodes[producer], kind), self[scaling.x].type == .float32,
        (beta * scaling.number).isFinite
      else { continue }
      nodes[position].operation = .softmax(beta: beta * scaling.number)
      nodes[position].inputs[0] = scaling.x
    }
  }
}
