internal import CKernels
internal import ModelFormat

/// A transposed convolution: every input pixel times all taps as one product, then each result
/// added where its tap falls.
struct TransposedConvolutionStep: NodeStep {
  private var window: Window
  private var inputs: Int
  private var x: UnsafePointer<Float>
  private var bias: UnsafePointer<Float>?
  private var y: UnsafeMutablePointer<Float>
  private var matrix: Matrix
  private var activation: Activation
  private var columns: UnsafeMutablePointer<Float>
  private var scratch: UnsafeMutableRawPointer

  /// The forward convolution's window turned round: it reads the output's pixels.
  private static func window(of view: NodeView) throws(InferenceError) -> Window {
    guard case .transposedConvolution2D(let convolution) = view.node.operation else {
      preconditionFailure("made from a transposed convolution node")
    }
    let x = try view.floatInput(0)
    let weights = try view.input(1)
    let y = try view.floatOutput()
    try view.require(weights.shape.rank == 4, weights, "must have rank 4")
    var window = try Window(
      view, x: x, y: y, kernel: Extent2D(height: weights.shape[1], width: weights.shape[2]),
      stride: convolution.stride, padding: convolution.padding)
    try view.require(weights.shape[3] == x.shape[3], weights, "reads other channels than the input")
    try view.require(weights.shape[0] == y.shape[3], y, "has not the weights' channels")
    _ = try view.product([x.shape[1], convolution.stride.height], for: x)
    _ = try view.product([x.shape[2], convolution.stride.width], for: x)
    window.shape.channels = y.shape[3]
    return window
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let window = try window(of: view)
    let x = try view.input(0)
    let y = try view.output()
    _ = try (view.count(x), view.count(y))
    let n = try view.product([window.taps, window.shape.channels], for: try view.input(1))
    let request = try view.matrix(
      weights: 1, bias: nil, n: n, k: x.shape[3], taps: window.taps)
    if view.has(2) {
      let bias = try view.floatInput(2)
      try view.require(try view.count(bias) == y.shape[3], bias, "has not one value a channel")
    }
    let bytes = try view.product([window.inputPixels, n, 4], for: y)
    _ = try view.product([window.inputPixels, x.shape[3] + 16, 4], for: x)
    let quantized = Matrix.scratchBytes(
      rows: window.inputPixels, k: x.shape[3], type: request.type)
    return Requirements(
      scratchBytes: MemoryPlan.aligned(bytes) + quantized, matrices: [request])
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .transposedConvolution2D(let convolution) = view.node.operation else {
      preconditionFailure("made from a transposed convolution node")
    }
    window = try Self.window(of: view)
    activation = convolution.activation
    matrix = binding.matrices[0]
    inputs = matrix.k
    x = binding.floats(0)
    bias = binding.optionalFloats(2)
    y = binding.outputFloats
    columns = binding.scratch.assumingMemoryBound(to: Float.self)
    scratch = binding.scratch + MemoryPlan.aligned(window.inputPixels * matrix.n * 4)
  }

  func run(_ execution: Execution) {
    var shape = window.shape
    let outputs = window.outputPixels * window.shape.channels
    for sample in 0..<window.batch {
      matrix.multiply(
        execution, rows: window.inputPixels, a: x + sample * window.inputPixels * inputs,
        aStride: inputs, c: columns, cStride: matrix.n, bounds: ClampBounds(), scratch: scratch)
      bk_f32_scatter(
        &shape, columns, bias, activation.bounds.low, activation.bounds.high,
        y + sample * outputs)
    }
    activation.finish(execution, y, count: window.batch * outputs)
  }
}
