internal import ModelFormat

/// Layer normalization out of the operators that converters and exporters make of it.
///
/// The forms differ in where the mean is subtracted (`(x - m) · r`, or `x · (r · g) + (b - m · (r · g))`), how the
/// variance is computed (`mean((x - m)²)` or `mean(x²) - m²`), and how it is turned into a factor. They are
/// followed through as what they mean for one x: see ``RowTerm``.
extension Graph {
  mutating func fuseLayerNormalization() {
    let means = nodes.indices.filter { isMeanOfRows(nodes[$0]) }
    for mean in means {
      guard let x = nodes[mean].inputs[0], self[x].shape.dimensions.last ?? 1 > 1 else { continue }
      var terms: [TensorID: RowTerm] = [nodes[mean].outputs[0]: .mean(sign: 1)]
      let algebra = RowAlgebra(graph: self, x: x)
      for position in nodes.indices where position != mean {
        let node = nodes[position]
        guard node.outputs.count == 1, self[node.outputs[0]].type == .float32,
          let term = algebra.term(of: node, terms)
        else { continue }
        terms[node.outputs[0]] = term
        if case .normalized(let form) = term { replace(position, x, form) }
      }
    }
  }

  private func isMeanOfRows(_ node: Node) -> Bool {
    guard case .reduce(.mean, let axes, _) = node.operation, let x = node.inputs[0] else {
      return false
    }
    return axes == [self[x].shape.rank - 1] && self[x].type == .float32 && !self[x].isConstant
  }

  private mutating func replace(_ position: Int, _ x: TensorID, _ form: RowTerm.Form) {
    let name = nodes[position].name
    var inputs: [TensorID?] = [x]
    if form.gamma != nil || form.beta != nil {
      let count = self[x].shape[self[x].shape.rank - 1]
      inputs.append(form.gamma.map { addConstant(name + "/gamma", [count], $0) })
      inputs.append(form.beta.map { addConstant(name + "/beta", [count], $0) })
    }
    nodes[position].operation = .layerNormalization(epsilon: form.epsilon)
    nodes[position].inputs = inputs
  }
}

/// What a value is to the rows x that are normalized; m is a row's mean, v its variance, r = 1 / √(v + epsilon).
enum RowTerm {
  struct Form {
    var epsilon: Float
    var gamma: [Float]?
    var beta: [Float]?
  }

  /// ±m, m², mean(x²), v, v + epsilon and its root: one number a row.
  case mean(sign: Int)
  case squaredMean
  case meanOfSquares
  case variance
  case stabilized(epsilon: Float)
  case deviation(epsilon: Float)
  /// x², x - m and its square: as many as x has.
  case square
  case centered
  case squaredCentered
  /// r · gamma.
  case inverse(Form)
  /// beta ± m · r · gamma.
  case offset(Form, sign: Int)
  /// x · r · gamma.
  case scaled(Form)
  /// (x - m) · r · gamma + beta.
  case normalized(Form)
}
