internal import CKernels
internal import ModelFormat

/// Maximum and average over windows; an average counts only what lies inside the input.
struct PoolStep: NodeStep {
  private var window: Window
  private var pool: Pool2D
  private var x: UnsafePointer<Float>
  private var y: UnsafeMutablePointer<Float>

  private static func window(of view: NodeView) throws(InferenceError) -> (Window, Pool2D) {
    guard case .pool2D(let pool) = view.node.operation else {
      preconditionFailure("a pool step is made from a pool node")
    }
    let window = try Window(
      view, x: try view.floatInput(0), y: try view.floatOutput(), kernel: pool.window,
      stride: pool.stride, padding: pool.padding)
    return (window, pool)
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    _ = try window(of: view)
    let x = try view.input(0)
    let y = try view.output()
    _ = try (view.count(x), view.count(y))
    try view.require(x.shape[3] == y.shape[3], y, "has other channels than the input")
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    (window, pool) = try Self.window(of: view)
    x = binding.floats(0)
    y = binding.outputFloats
  }

  func run(_ execution: Execution) {
    let outputs = window.outputPixels * window.shape.channels
    for sample in 0..<window.batch {
      var arguments = bk_f32_pool_args(
        window: window.shape, average: pool.kind == .average, x: x + sample * window.inputCount,
        y: y + sample * outputs, low: pool.activation.bounds.low,
        high: pool.activation.bounds.high)
      execution.kernels.pointee.spatial.f32_pool(&arguments)
    }
    pool.activation.finish(execution, y, count: window.batch * outputs)
  }
}
