internal import CKernels
internal import ModelFormat

/// The sizes and scales of an integer LSTM, checked.
struct IntegerLSTMSizes {
  var batch: Int
  var steps: Int
  var inputs: Int
  var units: Int
  var keepsState: Bool
  var reversed: Bool
  var isRepeated: Bool
  var cell: QuantizedCell
  /// Of h, which is the output.
  var hidden: AffineScale
  var hiddenScale: QuantizedMultiplier
  var matrices: [MatrixRequest]

  /// Rows of the input's part of the gates, and how many are multiplied at once.
  var gateRows: Int { isRepeated ? 1 : steps }
  var blockRows: Int { min(gateRows, 16) }
  /// Of all gates, with units filled up to whole blocks.
  var columns: Int { matrices[0].n }
  var sumBytes: Int { MemoryPlan.aligned(blockRows * 4 * columns) }
  var gateBytes: Int { MemoryPlan.aligned(gateRows * 2 * columns) }
  var macs: Int { batch * columns * (gateRows * inputs + steps * units) }
  /// From one h to the next, in bytes; of the cell state in elements.
  var unitBytes: Int { MemoryPlan.aligned(units + 8) }
  var stateBytes: Int { keepsState ? 3 * batch * unitBytes : 0 }
  var scratchBytes: Int { sumBytes + gateBytes + 3 * unitBytes }

  init(_ view: NodeView) throws(InferenceError) {
    guard case .lstm(let lstm) = view.node.operation else {
      preconditionFailure("made from an LSTM node")
    }
    let source = view.graph.repeatedInput(ofNode: view.index)
    let (given, input) = try view.quantizedInput(0)
    let x = source.map { view.graph[$0] } ?? given
    let (y, output) = try view.quantizedOutput()
    try view.require(x.type == .int8, x, "must be int8")
    try view.require(x.shape.rank == 3 && y.shape.rank == 3, x, "input and output must have rank 3")
    _ = try (view.count(x), view.count(y))
    guard let cell = lstm.cell else {
      throw .unsupported(layer: view.name, tensor: y.name, reason: "has no scale of its cell state")
    }
    try view.require(
      QuantizedCell.exponents.contains(cell.exponent) && (0...32767).contains(cell.clip), y,
      "has a cell state in units of 2^\(cell.exponent)")
    self.cell = cell
    (batch, steps, units) = (y.shape[0], y.shape[1], y.shape[2])
    inputs = x.shape[2]
    isRepeated = source != nil
    let fits = x.shape[0] == batch && (isRepeated || x.shape[1] == steps)
    try view.require(fits, y, "has other batch or time than the input")
    (keepsState, reversed) = (lstm.keepsState, lstm.reversed)
    hidden = output
    // The output gate and tanh of the state are Q0.15 both; TFLite keeps this factor in single precision.
    hiddenScale = QuantizedMultiplier(Double(Float(0x1p-15 / Double(output.scale) * 0x1p-15)))
    let gates = try view.product([4, units], for: y)
    // Gates are Q3.12.
    let gate = AffineScale(scale: 0x1p-12, zero: 0)
    let blocks = GateBlocks(
      gates: 0..<4, allGates: 4, units: units, block: Int(BK_I8_LSTM_BLOCK))
    matrices = [
      try view.matrix(
        weights: 1, bias: 3, n: gates, k: inputs,
        result: .int8(input: input, output: gate, roundsProduct: true)),
      try view.matrix(
        weights: 2, bias: nil, n: gates, k: units,
        result: .int8(input: output, output: gate, roundsProduct: true)),
    ]
    for index in matrices.indices {
      (matrices[index].n, matrices[index].gates) = (blocks.columns, blocks)
    }
    _ = try view.product([steps + 2, blocks.columns, 4], for: y)
    _ = try view.product([blocks.columns, max(inputs, units) + 64, 4], for: x)
    _ = try view.product([batch + 2, units + 128, 4], for: y)
  }
}
