internal import CKernels
internal import ModelFormat

/// A packed matrix as the kernels take it, in the mapped image.
struct Matrix {
  var n: Int
  /// Values of one run of a row, and the runs.
  var k: Int
  var segments: Int
  var width: Int
  var type: MatrixType
  var weights: UnsafeRawPointer
  var bias: UnsafePointer<Float>?
  var scales: UnsafePointer<Float>
  var sums: UnsafePointer<Int32>
  /// Of integer results.
  var foldedBias: UnsafePointer<Int32>
  var multipliers: UnsafePointer<Int32>
  var shifts: UnsafePointer<Int32>

  var isInt8: Bool { type.isInt8 }

  /// `blob` has the size that the layout of `request` says.
  init(_ request: MatrixRequest, tile: Tile, blob: UnsafeRawPointer) {
    let layout = MatrixLayout(request, tile: tile)
    n = request.n
    k = request.k
    segments = request.segments
    type = request.type
    width = request.type.width(tile)
    weights = blob
    bias = request.bias == nil ? nil : (blob + layout.bias).assumingMemoryBound(to: Float.self)
    scales = (blob + layout.scales).assumingMemoryBound(to: Float.self)
    sums = (blob + layout.sums).assumingMemoryBound(to: Int32.self)
    foldedBias = (blob + layout.bias).assumingMemoryBound(to: Int32.self)
    multipliers = (blob + layout.multipliers).assumingMemoryBound(to: Int32.self)
    shifts = (blob + layout.shifts).assumingMemoryBound(to: Int32.self)
  }

  /// Rows one after the other, `stride` elements apart.
  func plainRows(_ a: UnsafeRawPointer, stride: Int) -> bk_rows {
    bk_rows(
      a: a, stride: stride, rows: nil, segments: 1, segment_offsets: nil, k: k, flipped: false)
  }

  // MARK: Float results

  /// `c = clamp(a · weights + bias)` for a range of the `all` float rows at `a`; quantizes them first when the weights
  /// are int8 or int4. `scratch` has ``scratchBytes(rows:k:type:)`` for all rows.
  func multiply(
    _ execution: Execution, rows range: Range<Int>, of all: Int, a: UnsafePointer<Float>,
    aStride: Int, c: UnsafeMutablePointer<Float>, cStride: Int, bounds: ClampBounds,
    scratch: UnsafeMutableRawPointer
  ) {
    let rows = range.count
    let (a, c) = (a + range.lowerBound * aStride, c + range.lowerBound * cStride)
    if type == .float32 || type == .float16 {
      return multiply(
        execution, rows: rows, floats: plainRows(a, stride: aStride), c: c, cStride: cStride,
        bounds: bounds)
    }
    let places = QuantizedRows(scratch, rows: all, k: k, type: type).from(range.lowerBound)
    execution.kernels.pointee.quantized.f32_quantize_rows(
      rows, k, a, aStride, places.values, places.stride, places.scales)
    guard type == .int4 else {
      return multiply(
        execution, rows: rows,
        quantized: plainRows(places.values, stride: places.stride),
        rowScales: places.scales, scaleStride: 1, c: c, cStride: cStride, bounds: bounds)
    }
    bk_i8_block_sums(rows, k, places.values, places.stride, places.sums)
    var arguments = bk_i4_f32_gemm_args(
      m: rows, n: n, k: k, a: places.values, a_stride: places.stride, a_scale: places.scales,
      a_sums: places.sums, b: weights.assumingMemoryBound(to: UInt8.self), bias: bias, c: c,
      c_stride: cStride, low: bounds.low, high: bounds.high, nr: width)
    let kernel = execution.kernels.pointee.gemm.i4_f32_gemm
    guard isShared(execution, rows) else { return kernel!(&arguments) }
    var work = bk_i4_f32_gemm_work(args: arguments, kernel: kernel)
    execution.threads.run(parts: execution.threads.count, &work, bk_i4_f32_gemm_part)
  }

  /// The same for float weights and rows anywhere, in `segments` runs. `bias` nil stands for the matrix's own.
  func multiply(
    _ execution: Execution, rows: Int, floats a: bk_rows,
    bias override: UnsafePointer<Float>? = nil, c: UnsafeMutablePointer<Float>, cStride: Int,
    bounds: ClampBounds
  ) {
    var arguments = bk_float_gemm_args(
      m: rows, n: n, a: a, b: weights, bias: override ?? bias, c: c, c_stride: cStride,
      low: bounds.low, high: bounds.high, nr: width)
    let kernel =
      type == .float16
      ? execution.kernels.pointee.gemm.f16_gemm : execution.kernels.pointee.gemm.f32_gemm
    guard isShared(execution, rows) else { return kernel!(&arguments) }
    var work = bk_float_gemm_work(args: arguments, kernel: kernel, size: type == .float16 ? 2 : 4)
    execution.threads.run(parts: execution.threads.count, &work, bk_float_gemm_part)
  }

  /// The same for int8 weights and rows that are quantized already. A `scaleStride` of 0 gives all rows one scale.
  func multiply(
    _ execution: Execution, rows: Int, quantized a: bk_rows, rowScales: UnsafePointer<Float>,
    scaleStride: Int, bias override: UnsafePointer<Float>? = nil,
    c: UnsafeMutablePointer<Float>, cStride: Int, bounds: ClampBounds
  ) {
    var arguments = bk_i8_f32_gemm_args(
      product: product(rows: rows, a), a_scale: rowScales, a_scale_stride: scaleStride,
      b_scale: scales, bias: override ?? bias, c: c, c_stride: cStride, low: bounds.low,
      high: bounds.high)
    let kernel = execution.kernels.pointee.gemm.i8_f32_gemm
    guard isShared(execution, rows) else { return kernel!(&arguments) }
    var work = bk_i8_f32_gemm_work(args: arguments, kernel: kernel)
    execution.threads.run(parts: execution.threads.count, &work, bk_i8_f32_gemm_part)
  }

  // MARK: Integer results

  /// Full int8: the result in `output`'s parameters as the request's `.int8` result says, clamped to `range`.
  /// Every run of a row is readable up to ``quantizedRow(_:)``. `once` rounds as LiteRT's fully connected layers do.
  func multiply(
    _ execution: Execution, rows: Int, int8 a: bk_rows, c: UnsafeMutablePointer<Int8>,
    cStride: Int, zero: Int32, range: ClosedRange<Int32>, once: Bool = false
  ) {
    var arguments = bk_i8_i8_gemm_args(
      product: product(rows: rows, a), bias: foldedBias, multiplier: multipliers, shift: shifts,
      zero: zero, low: range.lowerBound, high: range.upperBound, c: c, c_stride: cStride,
      once: once)
    let kernel = execution.kernels.pointee.gemm.i8_i8_gemm
    guard isShared(execution, rows) else { return kernel!(&arguments) }
    var work = bk_i8_i8_gemm_work(args: arguments, kernel: kernel)
    execution.threads.run(parts: execution.threads.count, &work, bk_i8_i8_gemm_part)
  }

  /// Whether a product of so many rows is cut into a part for each thread.
  private func isShared(_ execution: Execution, _ rows: Int) -> Bool {
    // A single row waits for its weights.
    let macs = rows * n * k * segments * (rows == 1 ? 2 : 1)
    return isInt8 ? execution.threads.share(int8MACs: macs) : execution.threads.share(macs: macs)
  }

  private func product(rows: Int, _ a: bk_rows) -> bk_i8_product {
    bk_i8_product(
      m: rows, n: n, a: a, b: weights.assumingMemoryBound(to: Int8.self), b_sum: sums, nr: width)
  }
}
