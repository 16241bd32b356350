internal import CKernels
internal import ModelFormat

/// Attention, head by head. Heads are read and written where the projections have them.
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

  var jointWork: JointWork? { places.parts > 1 ? JointWork(macs: shape.macs) : nil }

  func run(_ execution: Execution, _ share: RowShare) {
    if share.part < places.parts {
      heads(of: share.part, parts: min(share.parts, places.parts), execution)
    }
  }

  /// Neighbouring heads.
  private func heads(of part: Int, parts: Int, _ execution: Execution) {
    let memory = scratch + part * places.bytes
    let share = RowShare(part: part, parts: parts, rows: 1)
    for index in share.even(shape.batch * shape.heads) {
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
    let outputStride = shape.heads * shape.valueSize
    let firstQuery = q + sample * shape.queries * shape.queryStride + head * shape.size
    let firstResult = y + sample * shape.queries * outputStride + head * shape.valueSize
    var arguments = bk_attention_args(
      queries: shape.queries, keys: shape.keys, size: shape.size, value_size: shape.valueSize,
      scale: shape.scale, q: firstQuery, k: keys, v: values, q_stride: shape.queryStride,
      k_stride: shape.keyStride, v_stride: shape.valueStride, y: firstResult,
      y_stride: outputStride, packed_keys: packedKeys, packed_values: packedValues, scores: scores,
      block: shape.block, nr: width, kernels: execution.kernels)
    execution.kernels.pointee.rows.f32_attention(&arguments)
  }
}
