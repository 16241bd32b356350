internal import CKernels
internal import ModelFormat

/// A matrix of weights as a node asks for it: `n` output channels of `k` values, packed in panels.
struct MatrixRequest: Equatable {
  var weights: TensorID
  var bias: TensorID?
  var n: Int
  var k: Int
  /// The weights' rows are [channel][tap][k], and columns are wanted in the order [tap][channel].
  var taps = 1
  var isInt8: Bool
}

/// Where the parts of a packed matrix lie in its blob. Each part starts at a multiple of 64 bytes.
struct MatrixLayout: Equatable {
  var weights = 0
  var bias: Int
  var scales: Int
  var sums: Int
  var bytes: Int

  init(_ request: MatrixRequest, tile: Tile) {
    let width = request.isInt8 ? tile.int8 : tile.float
    let packed =
      request.isInt8
      ? bk_i8_packed_count(request.n, request.k, width)
      : 4 * bk_f32_packed_count(request.n, request.k, width)
    let row = MemoryPlan.aligned((request.n + Tile.widest - 1) / Tile.widest * Tile.widest * 4)
    bias = MemoryPlan.aligned(packed)
    scales = bias + (request.bias == nil ? 0 : row)
    sums = scales + (request.isInt8 ? row : 0)
    bytes = sums + (request.isInt8 ? row : 0)
  }
}

/// A packed matrix as the kernels take it, in the mapped image.
struct Matrix {
  var n: Int
  var k: Int
  var width: Int
  var isInt8: Bool
  var weights: UnsafeRawPointer
  var bias: UnsafePointer<Float>?
  var scales: UnsafePointer<Float>?
  var sums: UnsafePointer<Int32>?

  /// `blob` has the size that the layout of `request` says.
  init(_ request: MatrixRequest, tile: Tile, blob: UnsafeRawPointer) {
    let layout = MatrixLayout(request, tile: tile)
    n = request.n
    k = request.k
    isInt8 = request.isInt8
    width = request.isInt8 ? tile.int8 : tile.float
    weights = blob
    bias = request.bias == nil ? nil : (blob + layout.bias).assumingMemoryBound(to: Float.self)
    if isInt8 {
      scales = (blob + layout.scales).assumingMemoryBound(to: Float.self)
      sums = (blob + layout.sums).assumingMemoryBound(to: Int32.self)
    }
  }

  /// Bytes of a row of activations once it is quantized.
  static func quantizedRow(_ k: Int) -> Int {
    let alignment = Int(BK_I8_K_ALIGNMENT)
    return (k + alignment - 1) / alignment * alignment
  }

  /// Scratch that ``multiply`` takes for `rows` rows: their scales, then their int8 values.
  static func scratchBytes(rows: Int, k: Int, isInt8: Bool) -> Int {
    isInt8 ? MemoryPlan.aligned(rows * 4) + rows * quantizedRow(k) + 64 : 0
  }

  /// `c = clamp(a · weights + bias)` for float rows; quantizes them first when the weights are int8.
  /// `bias` nil stands for the matrix's own.
  func multiply(
    _ execution: Execution, rows: Int, a: UnsafePointer<Float>, aStride: Int,
    bias override: UnsafePointer<Float>? = nil, c: UnsafeMutablePointer<Float>, cStride: Int,
    bounds: ClampBounds, scratch: UnsafeMutableRawPointer
  ) {
    guard isInt8 else {
      var arguments = bk_f32_gemm_args(
        m: rows, n: n, k: k, a: a, a_stride: aStride,
        b: weights.assumingMemoryBound(to: Float.self), bias: override ?? bias, c: c,
        c_stride: cStride, low: bounds.low, high: bounds.high, nr: width)
      execution.kernels.pointee.f32_gemm(&arguments)
      return
    }
    let rowScales = scratch.assumingMemoryBound(to: Float.self)
    let quantized = (scratch + MemoryPlan.aligned(rows * 4)).assumingMemoryBound(to: Int8.self)
    let stride = Self.quantizedRow(k)
    execution.kernels.pointee.f32_quantize_rows(rows, k, a, aStride, quantized, stride, rowScales)
    multiply(
      execution, rows: rows, quantized: quantized, stride: stride, rowScales: rowScales,
      scaleStride: 1, bias: override, c: c, cStride: cStride, bounds: bounds)
  }

  /// The same for rows that are quantized already.
  func multiply(
    _ execution: Execution, rows: Int, quantized: UnsafePointer<Int8>, stride: Int,
    rowScales: UnsafePointer<Float>, scaleStride: Int, bias override: UnsafePointer<Float>? = nil,
    c: UnsafeMutablePointer<Float>, cStride: Int, bounds: ClampBounds
  ) {
    var arguments = bk_i8_gemm_args(
      m: rows, n: n, k: k, a: quantized, a_stride: stride, a_scale: rowScales,
      a_scale_stride: scaleStride, b: weights.assumingMemoryBound(to: Int8.self),
      b_scale: scales, b_sum: sums, bias: override ?? bias, c: c, c_stride: cStride,
      low: bounds.low, high: bounds.high, nr: width)
    execution.kernels.pointee.i8_gemm(&arguments)
  }
}
