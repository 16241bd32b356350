internal import ModelFormat

/// One step of a recurrent layer: which vectors it multiplies by which rows, gate by gate in the graph's order.
struct RecurrentCell {
  enum Kind: Equatable {
    case lstm
    case gru(resetsAfter: Bool)
  }

  /// `nil` where a step from zero state does not tell.
  var kind: Kind?
  /// The vector of the sequence; `nil` only until the first gate is read.
  private(set) var x: TensorID?
  /// The hidden state before and after; `nil` before the first step from zero.
  var hidden: TensorID?
  var output: TensorID
  /// The cell state after the step; a GRU has none.
  var cell: TensorID?
  /// Rows of W and R; `nil` where a step from zero state has no use for them.
  var input: [MatrixRows?] = []
  var recurrent: [MatrixRows?] = []
  var bias: [[Float]?] = []
  /// The bias that a GRU's reset gate multiplies.
  var gatedBias: [Float]?

  /// An LSTM's step from `hidden`, which is `nil` for zero.
  init?(_ pattern: LSTMPattern, output: TensorID, hidden: TensorID?, _ reader: CellReader) {
    guard (pattern.oldCell == nil) == (hidden == nil),
      let units = reader.graph[output].shape.dimensions.last, units > 0
    else { return nil }
    (kind, self.output, self.hidden, cell) = (.lstm, output, hidden, pattern.newCell)
    for gate in [pattern.input, pattern.forget, pattern.candidate, pattern.output] {
      guard let gate else {
        skipGate()
        continue
      }
      guard let sum = GateSum(gate, units: units, reader), sum.gated == nil, add(sum) else {
        return nil
      }
    }
    guard isWhole(reader) else { return nil }
  }

  /// A GRU's step.
  init?(_ pattern: GRUPattern, output: TensorID, _ reader: CellReader) {
    guard let units = reader.graph[output].shape.dimensions.last, units > 0,
      let update = GateSum(pattern.update, units: units, reader), update.gated == nil,
      var candidate = GateSum(pattern.candidate, units: units, reader)
    else { return nil }
    (self.output, hidden) = (output, pattern.hidden.map { reader.origin(of: $0) })
    var resetGate: TensorID?
    if let gated = candidate.gated {
      guard let product = GateSum(gated.other, units: units, reader),
        product.gated == nil, product.products.count == (hidden == nil ? 0 : 1)
      else { return nil }
      if hidden != nil { kind = .gru(resetsAfter: true) }
      candidate.products += product.products
      gatedBias = product.bias
      resetGate = reader.operand(of: .sigmoid, behind: gated.sigmoid)
    } else if let hidden {
      // The vector that R multiplies is r · h: R's product counts as one of h.
      guard
        let place = candidate.products.firstIndex(where: {
          guard let (a, b) = reader.gated(behind: $0.operand) else { return false }
          resetGate = reader.operand(of: .sigmoid, behind: a)
          return reader.origin(of: b) == hidden
        })
      else { return nil }
      candidate.products[place].operand = hidden
      kind = .gru(resetsAfter: false)
    }
    guard add(update) else { return nil }
    if let resetGate {
      guard let reset = GateSum(resetGate, units: units, reader), reset.gated == nil, add(reset)
      else { return nil }
    } else {
      skipGate()
    }
    guard add(candidate), isWhole(reader) else { return nil }
  }

  private mutating func skipGate() {
    input.append(nil)
    recurrent.append(nil)
    bias.append(nil)
  }

  /// Takes a gate's products: one of the sequence's vector, and one of the hidden state if there is one.
  private mutating func add(_ sum: GateSum) -> Bool {
    let own = sum.products.filter { $0.operand != hidden }
    let state = sum.products.filter { $0.operand == hidden }
    guard own.count == 1, state.count == (hidden == nil ? 0 : 1) else { return false }
    guard x == nil || x == own[0].operand else { return false }
    x = own[0].operand
    input.append(own[0].matrix)
    recurrent.append(state.first?.matrix)
    bias.append(sum.bias)
    return true
  }

  /// Whether the vectors have as many rows as the output.
  private func isWhole(_ reader: CellReader) -> Bool {
    func rows(_ tensor: TensorID) -> Int {
      reader.graph[tensor].shape.dimensions.dropLast().reduce(1, *)
    }
    guard let x, rows(x) == rows(output) else { return false }
    guard let hidden else { return true }
    return reader.graph[hidden].shape.elementCount == reader.graph[output].shape.elementCount
  }
}
