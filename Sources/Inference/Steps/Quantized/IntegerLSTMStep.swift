internal import CKernels
internal import ModelFormat

/// A recurrent layer in integers, as TFLite's 8x8->16 kernel computes it: the input's part of the gates for all steps
/// ahead of the loop (of one row, where the same vector comes at every step), then one matrix-vector product a step.
struct IntegerLSTMStep: NodeStep {
  private var sizes: IntegerLSTMSizes
  private var x: UnsafePointer<Int8>
  private var y: UnsafeMutablePointer<Int8>
  private var inputMatrix: Matrix
  private var recurrentMatrix: Matrix
  private var sums: UnsafeMutablePointer<Int32>
  private var gates: UnsafeMutablePointer<Int16>
  private var start: UnsafeMutablePointer<Int8>
  private var cells: UnsafeMutablePointer<Int16>
  private var kept: UnsafeMutablePointer<Int8>?
  private var arguments: bk_i8_lstm_cell_args

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let sizes = try IntegerLSTMSizes(view)
    return Requirements(
      scratchBytes: sizes.scratchBytes, stateBytes: sizes.stateBytes, matrices: sizes.matrices)
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    sizes = try IntegerLSTMSizes(view)
    x = binding.input(0).assumingMemoryBound(to: Int8.self)
    y = binding.output.assumingMemoryBound(to: Int8.self)
    inputMatrix = binding.matrices[0]
    recurrentMatrix = binding.matrices[1]
    sums = binding.scratch.assumingMemoryBound(to: Int32.self)
    let afterSums = binding.scratch + sizes.sumBytes
    gates = afterSums.assumingMemoryBound(to: Int16.self)
    start = (afterSums + sizes.gateBytes).assumingMemoryBound(to: Int8.self)
    let ownCells = afterSums + sizes.gateBytes + sizes.unitBytes
    let state = sizes.keepsState ? binding.state : ownCells
    cells = state.assumingMemoryBound(to: Int16.self)
    kept =
      sizes.keepsState
      ? (state + 2 * sizes.batch * sizes.unitBytes).assumingMemoryBound(to: Int8.self) : nil
    arguments = bk_i8_lstm_cell_args(
      units: sizes.units, sums: sums, multiplier: recurrentMatrix.multipliers,
      shift: recurrentMatrix.shifts, input: gates, exponent: Int32(sizes.cell.exponent),
      low: sizes.cell.clip > 0 ? -Int32(sizes.cell.clip) : -32768,
      high: sizes.cell.clip > 0 ? Int32(sizes.cell.clip) : 32767, h_scale: sizes.hiddenScale.scale,
      h_zero: sizes.hidden.zero, c: cells, h: y)
  }

  func run(_ execution: Execution) {
    for sample in 0..<sizes.batch { run(execution, sample: sample) }
  }

  private func run(_ execution: Execution, sample: Int) {
    let (units, n) = (sizes.units, 4 * sizes.units)
    inputGates(execution, x + sample * sizes.gateRows * sizes.inputs)
    var arguments = arguments
    arguments.c = cells + (sizes.keepsState ? sample * sizes.unitBytes : 0)
    if !sizes.keepsState { arguments.c.update(repeating: 0, count: units) }
    // Kept values are counted from the zero point, so that cleared memory is the state at the start.
    let memory = kept.map { $0 + sample * sizes.unitBytes }
    let zero = Int8(truncatingIfNeeded: sizes.hidden.zero)
    for unit in 0..<units { start[unit] = zero &+ (memory?[unit] ?? 0) }
    var previous = UnsafePointer(start)
    for step in 0..<sizes.steps {
      let time = sizes.reversed ? sizes.steps - 1 - step : step
      let out = y + (sample * sizes.steps + time) * units
      recurrentMatrix.multiply(
        execution, rows: 1, int8: recurrentMatrix.plainRows(previous, stride: units), c: sums,
        cStride: n)
      arguments.input = UnsafePointer(gates + (sizes.isRepeated ? 0 : time * n))
      arguments.h = out
      execution.kernels.pointee.quantized.i8_lstm_cell(&arguments)
      previous = UnsafePointer(out)
    }
    if let memory { for unit in 0..<units { memory[unit] = previous[unit] &- zero } }
  }

  /// The input's part of all gates, some rows at a time.
  private func inputGates(_ execution: Execution, _ x: UnsafePointer<Int8>) {
    let n = 4 * sizes.units
    var row = 0
    while row < sizes.gateRows {
      let rows = min(sizes.blockRows, sizes.gateRows - row)
      inputMatrix.multiply(
        execution, rows: rows,
        int8: inputMatrix.plainRows(x + row * sizes.inputs, stride: sizes.inputs), c: sums,
        cStride: n)
      execution.kernels.pointee.quantized.i8_gates(
        rows, n, sums, inputMatrix.multipliers, inputMatrix.shifts, gates + row * n)
      row += rows
    }
  }
}
