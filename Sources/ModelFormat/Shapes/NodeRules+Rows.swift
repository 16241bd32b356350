/// Normalizations over the last axis, and attention.
extension NodeRules {
  func checkLogSoftmax() throws(GraphError) {
    try checkRow()
    if output.type == .int8 { try expectFixed(scale: 16 / 256, zeroPoint: 127) }
  }

  func checkL2Normalization() throws(GraphError) {
    try checkRow()
    if output.type == .int8 { try expectFixed(scale: 1 / 128, zeroPoint: 0) }
  }

  private func checkRow() throws(GraphError) {
    try expectOperands(1)
    let x = input(0)
    try require(x.shape.rank >= 1, "takes at least 1 axis at \(x.name)")
    try expectFloatOrInt8([x])
    try expectOutput(x.shape.dimensions)
  }

  func checkLayerNormalization(_ epsilon: Float) throws(GraphError) {
    try expectOperands(3, optional: 2)
    let x = input(0)
    try require(x.shape.rank >= 1, "takes at least 1 axis at \(x.name)")
    try require(epsilon.isFinite && epsilon >= 0, "has an epsilon that is negative")
    try expectOnlyFloat([x])
    for position in 1...2 {
      guard let vector = optionalInput(position) else { continue }
      try expectFloat(vector)
      try expectShape([x.shape[x.shape.rank - 1]], of: vector)
    }
    try expectOutput(x.shape.dimensions)
  }

  func checkAttention(_ payload: Attention) throws(GraphError) {
    let isPacked = node.inputs.count == 1
    try expectOperands(isPacked ? 1 : 3)
    try require(
      (1...Graph.maximumExtent).contains(payload.heads),
      "has \(payload.heads) heads")
    try require(
      payload.scale.isFinite && payload.scale > 0, "has a scale that is not positive")
    let operands = isPacked ? [input(0)] : [input(0), input(1), input(2)]
    for operand in operands {
      try expectRank(3, of: operand)
      try require(
        operand.shape[2].isMultiple(of: payload.heads * (isPacked ? 3 : 1)),
        "cannot divide \(operand.name) of shape \(operand.shape.description) into \(payload.heads) heads"
      )
    }
    try expectOnlyFloat(operands)
    let (q, k, v) = (
      operands[0].shape, operands[isPacked ? 0 : 1].shape, operands[isPacked ? 0 : 2].shape
    )
    try require(
      q[0] == k[0] && k[0] == v[0] && k[1] == v[1] && q[2] == k[2],
      "cannot attend from \(q.description) to \(k.description) and \(v.description)")
    try expectOutput([q[0], q[1], isPacked ? q[2] / 3 : v[2]])
  }

  /// Requires operands and output that compute in float32.
  func expectOnlyFloat(_ operands: [Tensor]) throws(GraphError) {
    for tensor in operands { try expectFloat(tensor) }
    try require(output.type == .float32, "gives float32, not \(output.type.name)")
  }
}
