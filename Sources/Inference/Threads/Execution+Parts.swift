internal import CKernels

/// Steps that are cut into rows or elements, one part for each thread where there is work enough.
extension Execution {
  private func run(_ isShared: Bool, _ work: UnsafeMutableRawPointer, _ part: Threads.Work) {
    if isShared { threads.run(parts: threads.count, work, part) } else { part(work, 0, 1) }
  }

  // MARK: Output rows

  func run(_ arguments: bk_f32_depthwise_args) {
    var work = bk_f32_depthwise_work(
      args: arguments, kernel: kernels.pointee.spatial.f32_depthwise)
    run(threads.share(taps: arguments.window.reads), &work, bk_f32_depthwise_part)
  }

  func run(_ arguments: bk_i8_depthwise_args) {
    var work = bk_i8_depthwise_work(args: arguments, kernel: kernels.pointee.spatial.i8_depthwise)
    run(threads.share(taps: arguments.window.reads), &work, bk_i8_depthwise_part)
  }

  func run(_ arguments: bk_f32_pool_args) {
    var work = bk_f32_pool_work(args: arguments, kernel: kernels.pointee.spatial.f32_pool)
    run(threads.share(taps: arguments.window.reads), &work, bk_f32_pool_part)
  }

  func run(_ arguments: bk_i8_pool_args) {
    var work = bk_i8_pool_work(args: arguments, kernel: kernels.pointee.spatial.i8_pool)
    run(threads.share(taps: arguments.window.reads), &work, bk_i8_pool_part)
  }

  /// Lays an input out in `bytes`.
  func run(_ layout: bk_layout_work, bytes: Int) {
    var work = layout
    run(threads.share(elements: bytes / 4), &work, bk_layout_part)
  }

  // MARK: Elements, of which functions count for the additions that they take

  func unary(
    _ kind: bk_unary_kind, _ count: Int, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) {
    var work = bk_f32_unary_work(
      kind: kind, count: count, x: x, y: y, kernel: kernels.pointee.elementwise.f32_unary)
    run(threads.share(elements: 4 * count), &work, bk_f32_unary_part)
  }

  func binary(
    _ kind: bk_binary_kind, _ walk: bk_broadcast, _ a: UnsafePointer<Float>,
    _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
  ) {
    var work = bk_f32_binary_work(
      kind: kind, walk: walk, a: a, b: b, y: y, kernel: kernels.pointee.elementwise.f32_binary)
    run(threads.share(elements: count), &work, bk_f32_binary_part)
  }

  func run(_ arguments: bk_i8_binary_args, count: Int) {
    var work = bk_i8_binary_work(args: arguments, kernel: kernels.pointee.quantized.i8_binary)
    run(threads.share(elements: 4 * count), &work, bk_i8_binary_part)
  }

  // MARK: Rows

  func run(_ rows: bk_f32_rows_work) {
    var work = rows
    let weight = rows.norm == nil ? 4 : 2
    run(threads.share(elements: weight * rows.rows * rows.columns), &work, bk_f32_rows_part)
  }

  func run(_ rows: bk_i8_softmax_work) {
    var work = rows
    run(threads.share(elements: 4 * rows.rows * rows.columns), &work, bk_i8_softmax_part)
  }
}

extension bk_window {
  /// Values that all windows together read.
  fileprivate var reads: Int {
    output_height * output_width * channels * kernel_height * kernel_width
  }
}
