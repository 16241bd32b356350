internal import CKernels
internal import ModelFormat

/// A recurrent layer bound to its memory.
///
/// W's products for all steps come ahead of the loop (one row of them where the same vector comes at every
/// step), then each step multiplies R and computes the cells. Threads each take blocks of units, and with them
/// a part of the weights that stays in their own cache, and meet once a step.
struct RecurrentLayer {
  private let arguments: bk_recurrent_args
  private let macs: Int

  init(_ sizes: RecurrentSizes, _ binding: Binding, block: Int) {
    let scratch = binding.scratch
    let parts = sizes.parts
    func floats(_ offset: Int) -> UnsafeMutablePointer<Float> {
      (scratch + offset).assumingMemoryBound(to: Float.self)
    }
    var layer = bk_recurrent_args()
    layer.input = binding.matrices[0].asOperand
    layer.recurrent = binding.matrices[1].asOperand
    if binding.matrices.count > 2 { layer.candidate = binding.matrices[2].asOperand }
    (layer.batch, layer.steps) = (sizes.batch, sizes.steps)
    (layer.inputs, layer.units, layer.block) = (sizes.inputs, sizes.units, block)
    (layer.reversed, layer.repeated) = (sizes.reversed, sizes.isRepeated)
    layer.x = binding.floats(0)
    layer.y = binding.outputFloats
    (layer.keeps_state, layer.state_stride) = (sizes.keepsState, sizes.paddedUnits)
    let state = binding.state.assumingMemoryBound(to: Float.self)
    layer.h = sizes.keepsState ? state : floats(parts.hidden)
    if sizes.gates == 4 {
      layer.c =
        sizes.keepsState ? state + sizes.batch * sizes.paddedUnits : floats(parts.cell)
    }
    layer.gates = floats(parts.gates)
    layer.row = floats(parts.row)
    layer.reset = floats(parts.reset)
    layer.update = floats(parts.update)
    layer.quantized = (scratch + parts.quantized).assumingMemoryBound(to: Int8.self)
    layer.row_scales = floats(parts.scales)
    layer.block_sums = (scratch + parts.sums).assumingMemoryBound(to: Int32.self)
    arguments = layer
    macs = sizes.macs
  }

  /// Runs `work`, which is one of the kernels' loops over all steps.
  func run(_ execution: Execution, _ work: Threads.Work) {
    var arguments = arguments
    arguments.kernels = execution.kernels
    execution.threads.let(&arguments.pool, meetBy: &arguments.barrier)
    let isShared = execution.threads.share(macs: macs, steps: arguments.steps)
    withUnsafeMutablePointer(to: &arguments) { layer in
      if isShared {
        execution.threads.runTeam(layer, work)
      } else {
        work(layer, 0, 1)
      }
    }
  }
}

extension Matrix {
  /// The matrix as kernels take it that multiply for themselves.
  fileprivate var asOperand: bk_matrix {
    bk_matrix(
      type: type.kernelType, n: n, k: k, nr: width, weights: weights, scales: scales, sums: sums,
      bias: bias)
  }
}

extension MatrixType {
  fileprivate var kernelType: bk_weight_type {
    switch self {
    case .float32: BK_WEIGHTS_F32
    case .float16: BK_WEIGHTS_F16
    case .int8, .int8Channels: BK_WEIGHTS_I8
    case .int4: BK_WEIGHTS_I4
    }
  }
}
