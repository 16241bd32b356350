internal import CKernels
internal import ModelFormat

/// A recurrent layer in integers, as TFLite's 8x8->16 kernel computes it: the input's part of the gates for all steps
/// ahead of the loop (of one row, where the same vector comes at every step), then one matrix-vector product a step.
/// Threads each take blocks of units.
struct IntegerLSTMStep: NodeStep {
  private let arguments: bk_i8_lstm_args
  private let macs: Int

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let sizes = try IntegerLSTMSizes(view)
    return Requirements(
      scratchBytes: sizes.scratchBytes, stateBytes: sizes.stateBytes, matrices: sizes.matrices)
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    let sizes = try IntegerLSTMSizes(view)
    var layer = bk_i8_lstm_args()
    layer.input = binding.matrices[0].asGates
    layer.recurrent = binding.matrices[1].asGates
    (layer.batch, layer.steps) = (sizes.batch, sizes.steps)
    (layer.inputs, layer.units) = (sizes.inputs, sizes.units)
    (layer.reversed, layer.repeated) = (sizes.reversed, sizes.isRepeated)
    layer.x = binding.input(0).assumingMemoryBound(to: Int8.self)
    layer.y = binding.output.assumingMemoryBound(to: Int8.self)
    layer.cell.exponent = Int32(sizes.cell.exponent)
    let clip = Int32(sizes.cell.clip)
    (layer.cell.low, layer.cell.high) = clip > 0 ? (-clip, clip) : (-32768, 32767)
    (layer.cell.h_scale, layer.cell.h_zero) = (sizes.hiddenScale.scale, sizes.hidden.zero)
    layer.rows = sizes.blockRows
    layer.sums = binding.scratch.assumingMemoryBound(to: Int32.self)
    let afterSums = binding.scratch + sizes.sumBytes
    layer.gates = afterSums.assumingMemoryBound(to: Int16.self)
    layer.start = (afterSums + sizes.gateBytes).assumingMemoryBound(to: Int8.self)
    let ownCells = afterSums + sizes.gateBytes + sizes.unitBytes
    let state = sizes.keepsState ? binding.state : ownCells
    layer.c = state.assumingMemoryBound(to: Int16.self)
    layer.state_stride = sizes.unitBytes
    if sizes.keepsState {
      layer.kept = (state + 2 * sizes.batch * sizes.unitBytes).assumingMemoryBound(to: Int8.self)
    }
    arguments = layer
    macs = sizes.macs
  }

  func run(_ execution: Execution) {
    var arguments = arguments
    arguments.kernels = execution.kernels
    execution.threads.let(&arguments.pool, meetBy: &arguments.barrier)
    let isShared = execution.threads.share(macs: macs, steps: arguments.steps)
    withUnsafeMutablePointer(to: &arguments) { layer in
      if isShared {
        execution.threads.runTeam(layer, bk_i8_lstm_run)
      } else {
        bk_i8_lstm_run(layer, 0, 1)
      }
    }
  }
}

extension Matrix {
  fileprivate var asGates: bk_i8_gate_matrix {
    bk_i8_gate_matrix(
      n: n, k: k, nr: width, weights: weights.assumingMemoryBound(to: Int8.self), sums: sums,
      bias: foldedBias, multiplier: multipliers, shift: shifts)
  }
}
