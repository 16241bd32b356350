/// Products of matrices: dense layers, recurrent layers, batched products.
extension NodeRules {
  func checkDense(_ activation: Activation) throws(GraphError) {
    try expectOperands(3, optional: 1)
    let (x, w, bias) = (input(0), input(1), optionalInput(2))
    try require(x.shape.rank >= 1, "takes at least 1 axis at \(x.name)")
    try expectRank(2, of: w)
    let inFeatures = x.shape.dimensions[x.shape.rank - 1]
    try expectShape([w.shape[0], inFeatures], of: w)
    if let bias { try expectShape([w.shape[0]], of: bias) }
    try expectWeighted(
      x, weights: [w], bias: bias, activation: activation, takesBlocks: true)
    try expectOutput(Array(x.shape.dimensions.dropLast()) + [w.shape[0]])
  }

  func checkLSTM(_ payload: LSTM) throws(GraphError) {
    try expectOperands(4, optional: 1)
    let (x, w, r, bias) = (input(0), input(1), input(2), optionalInput(3))
    try expectRank(3, of: x)
    try expectRank(2, of: w)
    try expectRank(2, of: r)
    let units = r.shape[1]
    let rows = Int64(units) * 4
    try require(
      Int64(r.shape[0]) == rows, "takes [4·units, units] at \(r.name), not \(r.shape.description)")
    try expectShape([4 * units, x.shape[2]], of: w)
    if let bias { try expectShape([4 * units], of: bias) }
    try expectWeighted(x, weights: [w, r], bias: bias, activation: .none, takesBlocks: true)
    if let cell = payload.cell {
      try require(x.type == .int8, "holds its cell state as int16, and its input is no int8")
      try require(
        QuantizedCell.exponents.contains(cell.exponent) && (0...32767).contains(cell.clip),
        "counts its cell state in units of 2^\(cell.exponent) up to \(cell.clip)")
    } else {
      try require(x.type != .int8, "does not say how its int16 cell state is scaled")
    }
    try expectOutput([x.shape[0], x.shape[1], units])
  }

  func checkGRU(_ payload: GRU) throws(GraphError) {
    let most = payload.resetsAfter ? 5 : 4
    try expectOperands(most, optional: most - 3)
    let (x, w, r) = (input(0), input(1), input(2))
    let (bias, recurrentBias) = (optionalInput(3), optionalInput(4))
    try expectRank(3, of: x)
    try expectRank(2, of: w)
    try expectRank(2, of: r)
    let units = r.shape[1]
    let rows = Int64(units) * 3
    try require(
      Int64(r.shape[0]) == rows, "takes [3·units, units] at \(r.name), not \(r.shape.description)")
    try expectShape([3 * units, x.shape[2]], of: w)
    try require(x.type == .float32, "takes float32 at \(x.name)")
    for bias in [bias, recurrentBias] {
      guard let bias else { continue }
      try expectShape([3 * units], of: bias)
    }
    try expectWeighted(x, weights: [w, r], bias: bias, activation: .none, takesBlocks: true)
    if let recurrentBias { try require(recurrentBias.type == .float32, "takes float32 biases") }
    try expectOutput([x.shape[0], x.shape[1], units])
  }

  func checkMatMul(_ transposeA: Bool, _ transposeB: Bool) throws(GraphError) {
    try expectOperands(2)
    let (a, b) = (input(0), input(1))
    try require(a.shape.rank >= 2 && b.shape.rank >= 2, "takes at least 2 axes at both inputs")
    try expectFloatOrInt8([a, b])
    let (aRows, aColumns) = matrix(a.shape, transposed: transposeA)
    let (bRows, bColumns) = matrix(b.shape, transposed: transposeB)
    try require(
      aColumns == bRows,
      "multiplies \(aRows) x \(aColumns) with \(bRows) x \(bColumns)")
    let batch = try broadcast(
      Array(a.shape.dimensions.dropLast(2)), Array(b.shape.dimensions.dropLast(2)))
    try expectOutput(batch + [aRows, bColumns])
  }

  private func matrix(_ shape: Shape, transposed: Bool) -> (rows: Int, columns: Int) {
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    return transposed ? (columns, rows) : (rows, columns)
  }
}
