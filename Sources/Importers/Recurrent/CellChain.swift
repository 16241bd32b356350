internal import ModelFormat

/// Steps of one recurrent layer, each from the state that the one before it left; the first from zero.
struct CellChain {
  private(set) var cells: [RecurrentCell]

  init(first: RecurrentCell) { cells = [first] }

  var last: RecurrentCell { cells[cells.count - 1] }

  /// Whether `next` is a step of the same layer.
  func continues(with next: RecurrentCell) -> Bool {
    guard let kind = next.kind, last.kind == nil || last.kind == kind else { return false }
    for gate in next.input.indices {
      // The first step says nothing of gates that only keep state.
      guard let input = last.input[gate] else { continue }
      guard input == next.input[gate], Self.near(last.bias[gate], next.bias[gate]) else {
        return false
      }
      if let recurrent = last.recurrent[gate], recurrent != next.recurrent[gate] { return false }
    }
    return kind != .gru(resetsAfter: true) || Self.near(last.gatedBias, next.gatedBias)
  }

  mutating func append(_ cell: RecurrentCell) { cells.append(cell) }

  /// Whether two biases are the same but for the order in which their parts were added.
  private static func near(_ a: [Float]?, _ b: [Float]?) -> Bool {
    guard let count = a?.count ?? b?.count else { return true }
    let zeros = [Float](repeating: 0, count: count)
    return zip(a ?? zeros, b ?? zeros).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($1)) }
  }
}

extension CellChain {
  /// The chains of two steps or more, in the order of the graph.
  static func all(in reader: CellReader) -> [CellChain] {
    // By the state that the next step starts from: an LSTM's cell state, a GRU's hidden state.
    var open: [TensorID: CellChain] = [:]
    for node in reader.graph.nodes {
      guard case .binary(let kind, .none) = node.operation, kind == .multiply || kind == .add,
        let output = node.outputs.first
      else { continue }
      let before: TensorID?
      let cell: RecurrentCell?
      if let pattern = LSTMPattern(behind: output, reader) {
        before = pattern.oldCell
        let hidden = before.flatMap { open[$0] }?.last.output
        cell = RecurrentCell(pattern, output: output, hidden: hidden, reader)
      } else if let pattern = GRUPattern(behind: output, reader) {
        before = pattern.hidden.map { reader.origin(of: $0) }
        cell = RecurrentCell(pattern, output: output, reader)
      } else {
        continue
      }
      guard let cell else { continue }
      let after = cell.cell ?? output
      if let before {
        guard var chain = open[before], chain.continues(with: cell) else { continue }
        open[before] = nil
        chain.append(cell)
        open[after] = chain
      } else {
        open[after] = CellChain(first: cell)
      }
    }
    return open.values.filter { $0.cells.count > 1 }
      .sorted { $0.cells[0].output.index < $1.cells[0].output.index }
  }
}
