internal import CKernels
internal import ModelFormat

/// Attention, head by head: the keys are packed as a product takes them, then blocks of queries give scores, weights
/// and results without leaving the cache. Heads are read and written where the projections have them.
struct AttentionStep: NodeStep {
  /// Threads that have scratch memory of their own.
  private static let mostParts = 4

  private var shape: AttentionShape
  private var places: Places
  private var width: Int
  private var q: UnsafePointer<Float>
  private var k: UnsafePointer<Float>
  private var v: UnsafePointer<Float>
  private var y: UnsafeMutablePointer<Float>
  private var scratch: UnsafeMutableRawPointer

  /// Where each part's packed keys, packed values and scores lie.
  private struct Places {
    var values: Int
    var scores: Int
    var bytes: Int
    var parts: Int

    init(_ shape: AttentionShape, width: Int) {
      values = MemoryPlan.aligned(4 * bk_float_packed_count(shape.keys, shape.size, width))
      scores =
        values + MemoryPlan.aligned(4 * bk_float_packed_count(shape.valueSize, shape.keys, width))
      bytes = scores + MemoryPlan.aligned(4 * shape.block * shape.keys)
      parts = min(AttentionStep.mostParts, shape.batch * shape.heads)
    }
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let shape = try AttentionShape(view)
    let places = Places(shape, width: view.tile.float)
    let bytes = try view.product([places.bytes, places.parts], for: try view.output())
    return Requirements(scratchBytes: bytes)
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    shape = try AttentionShape(view)
    width = view.tile.float
    places = Places(shape, width: width)
    q = binding.floats(0)
    k = (shape.isPacked ? q : binding.floats(1)) + shape.keyStart
    v = (shape.isPacked ? q : binding.floats(2)) + shape.valueStart
    y = binding.outputFloats
    scratch = binding.scratch
  }

  func run(_ execution: Execution) {
    guard places.parts > 1, execution.threads.share(macs: shape.macs) else {
      return heads(of: 0, parts: 1, execution)
    }
    withUnsafePointer(to: (self, execution)) { shared in
      execution.threads.run(parts: places.parts, UnsafeMutableRawPointer(mutating: shared)) {
        context, part, parts in
        guard let context else { return }
        let (step, execution) = context.assumingMemoryBound(to: (Self, Execution).self).pointee
        step.heads(of: Int(part), parts: Int(parts), execution)
      }
    }
  }

  /// Every `parts`-th head from `part` on.
  private func heads(of part: Int, parts: Int, _ execution: Execution) {
    let memory = scratch + part * places.bytes
    for index in stride(from: part, to: shape.batch * shape.heads, by: parts) {
      head(index % shape.heads, of: index / shape.heads, memory, execution)
    }
  }

  private func head(
    _ head: Int, of sample: Int, _ memory: UnsafeMutableRawPointer, _ execution: Execution
  ) {
    let packedKeys = memory.assumingMemoryBound(to: Float.self)
    let packedValues = (memory + places.values).assumingMemoryBound(to: Float.self)
    let scores = (memory + places.scores).assumingMemoryBound(to: Float.self)
    let keys = k + sample * shape.keys * shape.keyStride + head * shape.size
    let values = v + sample * shape.keys * shape.valueStride + head * shape.valueSize
    bk_f32_pack(shape.keys, shape.size, keys, 1, shape.keyStride, width, packedKeys)
    bk_f32_pack(shape.valueSize, shape.keys, values, shape.valueStride, 1, width, packedValues)
    let outputStride = shape.heads * shape.valueSize
    for first in stride(from: 0, to: shape.queries, by: shape.block) {
      let count = min(shape.block, shape.queries - first)
      let row = sample * shape.queries + first
      product(
        execution, rows: count, q + row * shape.queryStride + head * shape.size,
        shape.queryStride, k: shape.size, packedKeys, n: shape.keys, scores, shape.keys)
      execution.kernels.pointee.rows.f32_softmax(count, shape.keys, shape.scale, scores, scores)
      product(
        execution, rows: count, scores, shape.keys, k: shape.keys, packedValues,
        n: shape.valueSize, y + row * outputStride + head * shape.valueSize, outputStride)
    }
  }

  private func product(
    _ execution: Execution, rows: Int, _ a: UnsafePointer<Float>, _ stride: Int, k: Int,
    _ b: UnsafePointer<Float>, n: Int, _ c: UnsafeMutablePointer<Float>, _ cStride: Int
  ) {
    var arguments = bk_float_gemm_args(
      m: rows, n: n,
      a: bk_rows(
        a: a, stride: stride, rows: nil, segments: 1, segment_offsets: nil, k: k, flipped: false),
      b: b,
      bias: nil, c: c, c_stride: cStride, low: -.infinity, high: .infinity, nr: width)
    execution.kernels.pointee.gemm.f32_gemm(&arguments)
  }
}
