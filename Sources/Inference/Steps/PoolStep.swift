internal import CKernels
internal import ModelFormat

/// Maximum and average over windows, of float32 or of int8 with the same parameters on both sides; an
/// average counts only what lies inside the input.
struct PoolStep: NodeStep {
  private var window: Window
  private var pool: Pool2D
  private var x: UnsafeRawPointer
  private var y: UnsafeMutableRawPointer
  /// For int8.
  private var requantization: Requantization?

  private static func window(of view: NodeView) throws(InferenceError) -> (Window, Pool2D) {
    guard case .pool2D(let pool) = view.node.operation else {
      preconditionFailure("a pool step is made from a pool node")
    }
    let window = try Window(
      view, x: try view.input(0), y: try view.output(), kernel: pool.window,
      stride: pool.stride, padding: pool.padding)
    return (window, pool)
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    _ = try window(of: view)
    let (x, y) = try (view.input(0), view.output())
    if case .int8(let input, let output, _) = try view.result(of: x, to: y) {
      try view.require(input == output, y, "is quantized otherwise than the input")
    }
    _ = try (view.count(x), view.count(y))
    try view.require(x.shape[3] == y.shape[3], y, "has other channels than the input")
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    (window, pool) = try Self.window(of: view)
    (x, y) = (binding.input(0), binding.output)
    if case .int8(_, let output, _) = try view.result(of: view.input(0), to: view.output()) {
      requantization = Requantization(pool.activation, to: output)
    }
  }

  func run(_ execution: Execution) {
    let outputs = window.outputPixels * window.shape.channels
    if let requantization {
      let (x, y) = (x.assumingMemoryBound(to: Int8.self), y.assumingMemoryBound(to: Int8.self))
      for sample in 0..<window.batch {
        let arguments = bk_i8_pool_args(
          window: window.shape, first: 0, last: window.shape.output_height,
          average: pool.kind == .average, x: x + sample * window.inputCount,
          y: y + sample * outputs, low: requantization.range.lowerBound,
          high: requantization.range.upperBound)
        execution.run(arguments)
      }
      return
    }
    let (x, y) = (x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self))
    for sample in 0..<window.batch {
      let arguments = bk_f32_pool_args(
        window: window.shape, first: 0, last: window.shape.output_height,
        average: pool.kind == .average, x: x + sample * window.inputCount,
        y: y + sample * outputs, low: pool.activation.bounds.low,
        high: pool.activation.bounds.high)
      execution.run(arguments)
    }
    pool.activation.finish(execution, y, count: window.batch * outputs)
  }
}
