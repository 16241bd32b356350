internal import ModelFormat

/// The operator that a cell is a step of, with its weights.
struct RecurrentLayer {
  var operation: Operator
  /// W, R and the biases, in the order of the operator's inputs.
  var operands: [Tensor?]

  /// `nil` when the cell's matrices do not fit together.
  init?(_ cell: RecurrentCell, in graph: Graph, name: String) {
    guard let kind = cell.kind, let x = cell.x, let units = graph[cell.output].shape.dimensions.last
    else {
      return nil
    }
    let (input, recurrent) = (cell.input.compactMap { $0 }, cell.recurrent.compactMap { $0 })
    guard input.count == cell.input.count, recurrent.count == input.count,
      let w = graph.stacked(input, name: "\(name)/w"),
      let r = graph.stacked(recurrent, name: "\(name)/r"),
      r.shape[1] == units, w.shape[1] == graph[x].shape.dimensions.last
    else { return nil }
    func vector(_ parts: [[Float]?], _ suffix: String) -> Tensor? {
      guard parts.contains(where: { $0 != nil }) else { return nil }
      let floats = parts.flatMap { $0 ?? Array(repeating: 0, count: units) }
      return Tensor(
        name: "\(name)/\(suffix)", shape: [floats.count], type: .float32,
        data: floats.littleEndianBytes)
    }
    operands = [w, r, vector(cell.bias, "b")]
    switch kind {
    case .lstm: operation = .lstm(LSTM())
    case .gru(let resetsAfter):
      operation = .gru(GRU(resetsAfter: resetsAfter))
      if resetsAfter { operands.append(vector([nil, nil, cell.gatedBias], "rb")) }
    }
  }
}
