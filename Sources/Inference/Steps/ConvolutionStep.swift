internal import CKernels
internal import ModelFormat

/// A convolution as a product of its patches and its weights. With int8 weights the whole input of
/// a sample is quantized with one scale, so that patches share its values.
struct ConvolutionStep: NodeStep {
  private var geometry: ConvolutionGeometry
  private var x: UnsafePointer<Float>
  private var y: UnsafeMutablePointer<Float>
  private var matrix: Matrix
  private var activation: Activation
  private var scratch: Scratch

  /// Parts of the scratch memory, from its start.
  private struct Scratch {
    var scale: UnsafeMutablePointer<Float>
    var input: UnsafeMutableRawPointer
    var rows: UnsafeMutableRawPointer

    static func bytes(_ geometry: ConvolutionGeometry, isInt8: Bool) -> (input: Int, rows: Int) {
      let size = isInt8 ? 1 : 4
      switch geometry.rows {
      case .overlapping: return (isInt8 ? geometry.window.inputCount : 0, 0)
      case .padded(_, _, let total): return (total * size, 0)
      case .gathered(let block):
        return (isInt8 ? geometry.window.inputCount : 0, block * rowStride(geometry) * size)
      }
    }

    static func rowStride(_ geometry: ConvolutionGeometry) -> Int {
      Matrix.quantizedRow(geometry.k)
    }
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let geometry = try ConvolutionGeometry(view)
    let request = try view.matrix(weights: 1, bias: 2, n: geometry.outputs, k: geometry.k)
    let x = try view.input(0)
    if case .padded(_, _, let total) = geometry.rows { _ = try view.product([total, 4], for: x) }
    _ = try view.product([48, geometry.k + 8, 4], for: try view.input(1))
    let parts = Scratch.bytes(geometry, isInt8: request.isInt8)
    return Requirements(
      scratchBytes: 64 + MemoryPlan.aligned(parts.input + 64) + parts.rows + 64,
      matrices: [request])
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .convolution2D(let convolution) = view.node.operation else {
      preconditionFailure("a convolution step is made from a convolution node")
    }
    geometry = try ConvolutionGeometry(view)
    activation = convolution.activation
    matrix = binding.matrices[0]
    x = binding.floats(0)
    y = binding.outputFloats
    let parts = Scratch.bytes(geometry, isInt8: matrix.isInt8)
    scratch = Scratch(
      scale: binding.scratch.assumingMemoryBound(to: Float.self), input: binding.scratch + 64,
      rows: binding.scratch + 64 + MemoryPlan.aligned(parts.input + 64))
  }

  func run(_ execution: Execution) {
    for sample in 0..<geometry.window.batch {
      let from = x + sample * geometry.window.inputCount
      let to = y + sample * geometry.window.outputPixels * geometry.outputs
      if matrix.isInt8 {
        runQuantized(execution, from, to)
      } else {
        runFloat(execution, from, to)
      }
    }
    let count = geometry.window.batch * geometry.window.outputPixels * geometry.outputs
    activation.finish(execution, y, count: count)
  }

  private func runFloat(
    _ execution: Execution, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) {
    switch geometry.rows {
    case .overlapping(let stride):
      product(execution, x, stride, first: 0, rows: geometry.window.outputPixels, y)
    case .padded(let stride, let before, let total):
      let padded = scratch.input.assumingMemoryBound(to: Float.self)
      let count = geometry.window.inputCount
      padded.update(repeating: 0, count: before)
      (padded + before).update(from: x, count: count)
      (padded + before + count).update(repeating: 0, count: total - before - count)
      product(execution, padded, stride, first: 0, rows: geometry.window.outputPixels, y)
    case .gathered(let block):
      let stride = Scratch.rowStride(geometry)
      let rows = scratch.rows.assumingMemoryBound(to: Float.self)
      gather(element: 4, x, block: block, stride: stride) { first, count in
        product(execution, rows, stride, first: first, rows: count, y)
      }
    }
  }

  private func runQuantized(
    _ execution: Execution, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) {
    let count = geometry.window.inputCount
    let input = scratch.input.assumingMemoryBound(to: Int8.self)
    switch geometry.rows {
    case .overlapping(let stride):
      execution.kernels.pointee.quantized.f32_quantize_rows(
        1, count, x, count, input, count, scratch.scale)
      product(execution, input, stride, first: 0, rows: geometry.window.outputPixels, y)
    case .padded(let stride, let before, let total):
      input.update(repeating: 0, count: before)
      execution.kernels.pointee.quantized.f32_quantize_rows(
        1, count, x, count, input + before, total - before, scratch.scale)
      product(execution, input, stride, first: 0, rows: geometry.window.outputPixels, y)
    case .gathered(let block):
      let stride = Scratch.rowStride(geometry)
      let rows = scratch.rows.assumingMemoryBound(to: Int8.self)
      execution.kernels.pointee.quantized.f32_quantize_rows(
        1, count, x, count, input, count, scratch.scale)
      gather(element: 1, input, block: block, stride: stride) { first, count in
        product(execution, rows, stride, first: first, rows: count, y)
      }
    }
  }

  /// Gathers patches block by block and calls `body` with the first position and the count of each.
  private func gather(
    element: Int, _ x: UnsafeRawPointer, block: Int, stride: Int, body: (Int, Int) -> Void
  ) {
    var shape = geometry.window.shape
    var first = 0
    while first < geometry.window.outputPixels {
      let count = min(block, geometry.window.outputPixels - first)
      bk_patches(&shape, element, x, first, count, scratch.rows, stride)
      body(first, count)
      first += count
    }
  }

  private func product(
    _ execution: Execution, _ a: UnsafePointer<Float>, _ stride: Int, first: Int,
    rows: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    matrix.multiply(
      execution, rows: rows, floats: matrix.plainRows(a, stride: stride), c: y + first * matrix.n,
      cStride: matrix.n,
      bounds: activation.bounds)
  }

  private func product(
    _ execution: Execution, _ a: UnsafePointer<Int8>, _ stride: Int, first: Int,
    rows: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    matrix.multiply(
      execution, rows: rows, quantized: matrix.plainRows(a, stride: stride),
      rowScales: scratch.scale, scaleStride: 0, c: y + first * matrix.n, cStride: matrix.n,
      bounds: activation.bounds)
  }
}
