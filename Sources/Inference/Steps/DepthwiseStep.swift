internal import CKernels
internal import ModelFormat

/// A depthwise convolution. Its weights are always float32: int8 ones are widened in the image.
struct DepthwiseStep: NodeStep {
  private var window: Window
  private var multiplier: Int
  private var x: UnsafePointer<Float>
  private var weights: UnsafePointer<Float>
  private var bias: UnsafePointer<Float>?
  private var y: UnsafeMutablePointer<Float>
  private var activation: Activation

  private static func window(of view: NodeView) throws(InferenceError) -> Window {
    guard case .depthwiseConvolution2D(let convolution) = view.node.operation else {
      preconditionFailure("a depthwise step is made from a depthwise node")
    }
    let weights = try view.floatInput(1)
    try view.require(weights.shape.rank == 4, weights, "must have rank 4")
    return try Window(
      view, x: try view.floatInput(0), y: try view.floatOutput(),
      kernel: Extent2D(height: weights.shape[1], width: weights.shape[2]),
      stride: convolution.stride, dilation: convolution.dilation, padding: convolution.padding)
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    _ = try window(of: view)
    let x = try view.input(0)
    let weights = try view.input(1)
    let y = try view.output()
    _ = try (view.count(x), view.count(weights), view.count(y))
    try view.require(y.shape[3] % x.shape[3] == 0, y, "is no multiple of the input's channels")
    try view.require(
      weights.shape[0] == 1 && weights.shape[3] == y.shape[3], weights,
      "has not [1, h, w, channels]")
    if view.has(2) {
      let bias = try view.floatInput(2)
      try view.require(try view.count(bias) == y.shape[3], bias, "has not one value a channel")
    }
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .depthwiseConvolution2D(let convolution) = view.node.operation else {
      preconditionFailure("a depthwise step is made from a depthwise node")
    }
    window = try Self.window(of: view)
    multiplier = try view.output().shape[3] / window.shape.channels
    activation = convolution.activation
    x = binding.floats(0)
    weights = binding.floats(1)
    bias = binding.optionalFloats(2)
    y = binding.outputFloats
  }

  func run(_ execution: Execution) {
    let outputs = window.outputPixels * window.shape.channels * multiplier
    for sample in 0..<window.batch {
      var arguments = bk_f32_depthwise_args(
        window: window.shape, multiplier: multiplier, x: x + sample * window.inputCount,
        weights: weights, bias: bias, y: y + sample * outputs, low: activation.bounds.low,
        high: activation.bounds.high)
      execution.kernels.pointee.spatial.f32_depthwise(&arguments)
    }
    activation.finish(execution, y, count: window.batch * outputs)
  }
}
