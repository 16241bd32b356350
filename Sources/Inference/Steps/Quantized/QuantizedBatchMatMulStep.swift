internal import CKernels
internal import ModelFormat

/// Products of int8 matrices that are both computed at run time.
struct QuantizedBatchMatMulStep: NodeStep {
  private var sizes: BatchMatMulSizes
  private var arguments: bk_i8_matmul_args

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let sizes = try BatchMatMulSizes(view)
    _ = try (view.quantizedInput(0), view.quantizedInput(1), view.quantizedOutput())
    // Products of nine bits each are added up.
    try view.require(sizes.k <= 1 << 13, try view.input(0), "has more than 8192 values to add")
    let scratch = try view.product(
      [bytesOfPart(sizes), parts(sizes)], for: try view.output())
    return Requirements(scratchBytes: scratch)
  }

  /// Threads that have scratch memory of their own.
  private static func parts(_ sizes: BatchMatMulSizes) -> Int { min(4, sizes.batches) }

  private static func bytesOfPart(_ sizes: BatchMatMulSizes) -> Int {
    MemoryPlan.aligned(bk_i8_matmul_scratch(sizes.m, sizes.n, sizes.k))
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    sizes = try BatchMatMulSizes(view)
    let a = try view.quantizedInput(0).affine
    let b = try view.quantizedInput(1).affine
    let y = try view.quantizedOutput().affine
    // TFLite takes the product of the scales in single precision here.
    let scale = QuantizedMultiplier(Double(a.scale * b.scale) / Double(y.scale))
    arguments = bk_i8_matmul_args(
      m: sizes.m, n: sizes.n, k: sizes.k, a: binding.input(0).assumingMemoryBound(to: Int8.self),
      b: binding.input(1).assumingMemoryBound(to: Int8.self),
      a_row: sizes.transposeA ? 1 : sizes.k, a_column: sizes.transposeA ? sizes.m : 1,
      b_row: sizes.transposeB ? 1 : sizes.n, b_column: sizes.transposeB ? sizes.k : 1,
      a_zero: a.zero, b_zero: b.zero, y_zero: y.zero, scale: scale.scale,
      y: binding.output.assumingMemoryBound(to: Int8.self), packed: binding.scratch)
  }

  func run(_ execution: Execution) { run(execution, RowShare(part: 0, parts: 1, rows: 1)) }

  var jointWork: JointWork? {
    sizes.batches > 1 ? JointWork(macs: sizes.batches * sizes.m * sizes.n * sizes.k) : nil
  }

  func run(_ execution: Execution, _ share: RowShare) {
    let parts = min(share.parts, Self.parts(sizes))
    guard share.part < parts else { return }
    var arguments = arguments
    arguments.packed += share.part * Self.bytesOfPart(sizes)
    for index in share.even(sizes.batches, of: parts) {
      var product = arguments
      product.a += sizes.aStart(index)
      product.b += sizes.bStart(index)
      product.y += index * sizes.m * sizes.n
      execution.kernels.pointee.quantized.i8_matmul(&product)
    }
  }
}
