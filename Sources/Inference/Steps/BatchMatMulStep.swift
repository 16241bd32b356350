internal import CKernels
internal import ModelFormat

/// Products of matrices that are both computed at run time: b is packed anew for each.
struct BatchMatMulStep: NodeStep {
  private var sizes: BatchMatMulSizes
  private var a: UnsafePointer<Float>
  private var b: UnsafePointer<Float>
  private var y: UnsafeMutablePointer<Float>
  private var turned: UnsafeMutablePointer<Float>
  private var packed: UnsafeMutablePointer<Float>

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    _ = try (view.floatInput(0), view.floatInput(1), view.floatOutput())
    let sizes = try BatchMatMulSizes(view)
    return Requirements(
      scratchBytes: MemoryPlan.aligned(4 * sizes.m * sizes.k) + 4 * sizes.packedCount(view.tile))
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    sizes = try BatchMatMulSizes(view)
    a = binding.floats(0)
    b = binding.floats(1)
    y = binding.outputFloats
    turned = binding.scratch.assumingMemoryBound(to: Float.self)
    packed = (binding.scratch + MemoryPlan.aligned(4 * sizes.m * sizes.k))
      .assumingMemoryBound(to: Float.self)
    width = view.tile.float
  }

  private var width: Int

  func run(_ execution: Execution) {
    let (m, n, k) = (sizes.m, sizes.n, sizes.k)
    for index in 0..<sizes.batches {
      let right = b + sizes.bStart(index)
      bk_f32_pack(n, k, right, sizes.transposeB ? 1 : n, sizes.transposeB ? k : 1, width, packed)
      var left = a + sizes.aStart(index)
      if sizes.transposeA {
        for row in 0..<m {
          for column in 0..<k { turned[row * k + column] = left[column * m + row] }
        }
        left = UnsafePointer(turned)
      }
      let rows = bk_rows(
        a: left, stride: k, rows: nil, segments: 1, segment_offsets: nil, k: k, flipped: false)
      var arguments = bk_float_gemm_args(
        m: m, n: n, a: rows, b: packed, bias: nil, c: y + index * m * n, c_stride: n,
        low: -.infinity, high: .infinity, nr: width)
      execution.kernels.pointee.gemm.f32_gemm(&arguments)
    }
  }
}

/// The sizes of a batched product, checked, with its batch dimensions broadcast.
struct BatchMatMulSizes {
  var m: Int
  var n: Int
  var k: Int
  var transposeA: Bool
  var transposeB: Bool
  var batches: Int
  /// For each batch dimension, innermost first: its extent, and the step in matrices of a and of b.
  private var dimensions: [(extent: Int, a: Int, b: Int)] = []

  init(_ view: NodeView) throws(InferenceError) {
    guard case .batchMatMul(let transposeA, let transposeB) = view.node.operation else {
      preconditionFailure("made from a batched product")
    }
    (self.transposeA, self.transposeB) = (transposeA, transposeB)
    let a = try view.input(0)
    let b = try view.input(1)
    let y = try view.output()
    let (rankA, rankB) = (a.shape.rank, b.shape.rank)
    try view.require(rankA >= 2 && rankB >= 2, a, "both operands must have rank 2 at least")
    _ = try (view.count(a), view.count(b))
    m = a.shape[rankA - (transposeA ? 1 : 2)]
    k = a.shape[rankA - (transposeA ? 2 : 1)]
    n = b.shape[rankB - (transposeB ? 2 : 1)]
    try view.require(b.shape[rankB - (transposeB ? 1 : 2)] == k, b, "has another inner extent")
    batches = 1
    var (stepA, stepB) = (1, 1)
    for axis in 0..<max(rankA, rankB) - 2 {
      let extentA = axis < rankA - 2 ? a.shape[rankA - 3 - axis] : 1
      let extentB = axis < rankB - 2 ? b.shape[rankB - 3 - axis] : 1
      let fits = extentA == extentB || extentA == 1 || extentB == 1
      try view.require(fits, b, "batch dimensions do not broadcast")
      let extent = max(extentA, extentB)
      dimensions.append((extent, extentA == 1 ? 0 : stepA, extentB == 1 ? 0 : stepB))
      stepA *= extentA
      stepB *= extentB
      batches = try view.product([batches, extent], for: y)
    }
    let outputs = try view.product([batches, m, n], for: y)
    try view.require(try view.count(y) == outputs, y, "has not the product's size")
    _ = try view.product([m, k, 4], for: a)
    _ = try view.product([n + Tile.widest, k, 4], for: b)
  }

  func packedCount(_ tile: Tile) -> Int { bk_float_packed_count(n, k, tile.float) }

  func aStart(_ index: Int) -> Int {
    var (rest, start) = (index, 0)
    for dimension in dimensions {
      start += rest % dimension.extent * dimension.a
      rest /= dimension.extent
    }
    return start * m * k
  }

  func bStart(_ index: Int) -> Int {
    var (rest, start) = (index, 0)
    for dimension in dimensions {
      start += rest % dimension.extent * dimension.b
      rest /= dimension.extent
    }
    return start * k * n
  }
}
