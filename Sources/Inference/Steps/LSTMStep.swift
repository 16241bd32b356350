internal import CKernels
internal import ModelFormat

/// A recurrent layer: the input's part of the gates for all steps as one product ahead of the loop
/// (of one row, where the same vector comes at every step), then one matrix-vector product a step.
struct LSTMStep: NodeStep {
  private var sizes: LSTMSizes
  private var x: UnsafePointer<Float>
  private var y: UnsafeMutablePointer<Float>
  private var inputMatrix: Matrix
  private var recurrentMatrix: Matrix
  private var gates: UnsafeMutablePointer<Float>
  private var row: UnsafeMutablePointer<Float>
  private var zeros: UnsafeMutablePointer<Float>
  private var cells: UnsafeMutablePointer<Float>
  private var hidden: UnsafeMutablePointer<Float>?
  private var scratch: UnsafeMutableRawPointer

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let sizes = try LSTMSizes(view)
    return Requirements(
      scratchBytes: sizes.scratchBytes, stateBytes: sizes.stateBytes, matrices: sizes.matrices)
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    sizes = try LSTMSizes(view)
    x = binding.floats(0)
    y = binding.outputFloats
    inputMatrix = binding.matrices[0]
    recurrentMatrix = binding.matrices[1]
    gates = binding.scratch.assumingMemoryBound(to: Float.self)
    row = gates + sizes.gateRows * sizes.gateStride
    zeros = row + sizes.gateStride
    let after = zeros + sizes.unitStride
    let state = binding.state.assumingMemoryBound(to: Float.self)
    cells = sizes.keepsState ? state : after
    hidden = sizes.keepsState ? state + sizes.batch * sizes.unitStride : nil
    scratch = UnsafeMutableRawPointer(after + sizes.unitStride)
  }

  func run(_ execution: Execution) {
    for sample in 0..<sizes.batch { run(execution, sample: sample) }
  }

  private func run(_ execution: Execution, sample: Int) {
    let units = sizes.units
    inputMatrix.multiply(
      execution, rows: sizes.gateRows, a: x + sample * sizes.gateRows * sizes.inputs,
      aStride: sizes.inputs, c: gates, cStride: sizes.gateStride, bounds: ClampBounds(),
      scratch: scratch)
    let cell = sizes.keepsState ? cells + sample * sizes.unitStride : cells
    if !sizes.keepsState { cell.update(repeating: 0, count: units) }
    zeros.update(repeating: 0, count: units)
    let kept = hidden.map { $0 + sample * sizes.unitStride }
    var previous = UnsafePointer(kept ?? zeros)
    for step in 0..<sizes.steps {
      let time = sizes.reversed ? sizes.steps - 1 - step : step
      let start = gates + (sizes.isRepeated ? 0 : time * sizes.gateStride)
      let out = y + (sample * sizes.steps + time) * units
      recurrentMatrix.multiply(
        execution, rows: 1, a: previous, aStride: units, bias: start, c: row,
        cStride: sizes.gateStride, bounds: ClampBounds(), scratch: scratch)
      execution.kernels.pointee.recurrent.f32_lstm_cell(units, row, cell, out)
      previous = UnsafePointer(out)
    }
    kept?.update(from: previous, count: units)
  }
}

/// The sizes of a recurrent layer, checked.
struct LSTMSizes {
  var batch: Int
  var steps: Int
  var inputs: Int
  var units: Int
  var keepsState: Bool
  var reversed: Bool
  var isRepeated: Bool
  var matrices: [MatrixRequest]

  /// Rows of the input's part of the gates.
  var gateRows: Int { isRepeated ? 1 : steps }
  /// Floats from one row of gates to the next, and from one state to the next: what any kernel may read.
  var gateStride: Int { (4 * units + Tile.widest - 1) / Tile.widest * Tile.widest }
  var unitStride: Int { (units + Tile.widest - 1) / Tile.widest * Tile.widest }
  var stateBytes: Int { keepsState ? 2 * batch * unitStride * 4 : 0 }

  var scratchBytes: Int {
    let quantized = max(
      Matrix.scratchBytes(rows: gateRows, k: inputs, type: matrices[0].type),
      Matrix.scratchBytes(rows: 1, k: units, type: matrices[1].type))
    return 4 * ((gateRows + 1) * gateStride + 2 * unitStride) + quantized
  }

  init(_ view: NodeView) throws(InferenceError) {
    guard case .lstm(let lstm) = view.node.operation else {
      preconditionFailure("made from an LSTM node")
    }
    let source = view.graph.repeatedInput(ofNode: view.index)
    let x = if let source { view.graph[source] } else { try view.floatInput(0) }
    let y = try view.floatOutput()
    try view.require(x.type == .float32, x, "must be float32")
    try view.require(x.shape.rank == 3 && y.shape.rank == 3, x, "input and output must have rank 3")
    _ = try (view.count(x), view.count(y))
    (batch, steps, units) = (y.shape[0], y.shape[1], y.shape[2])
    inputs = x.shape[2]
    isRepeated = source != nil
    let fits = x.shape[0] == batch && (isRepeated || x.shape[1] == steps)
    try view.require(fits, y, "has other batch or time than the input")
    (keepsState, reversed) = (lstm.keepsState, lstm.reversed)
    let gates = try view.product([4, units], for: y)
    matrices = [
      try view.matrix(weights: 1, bias: 3, n: gates, k: inputs),
      try view.matrix(weights: 2, bias: nil, n: gates, k: units),
    ]
    _ = try view.product([steps + 2, gates + Tile.widest, 4], for: y)
    _ = try view.product([batch + 2, units + Tile.widest, 8], for: y)
    _ = try view.product([steps, inputs + 16, 4], for: x)
  }
}
