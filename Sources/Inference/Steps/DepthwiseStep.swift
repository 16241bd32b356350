internal import CKernels
internal import ModelFormat

/// A depthwise convolution. Weights that are int8 while activations are float32 stay so in the image and are
/// widened, a few hundred values, when the step begins.
struct DepthwiseStep: NodeStep {
  private var window: Window
  private var multiplier: Int
  private var inputChannels: Int
  private var x: UnsafeRawPointer
  private var y: UnsafeMutableRawPointer
  private var weights: Weights
  private var activation: Activation
  /// A row of the input as it is read above and below it.
  private var absent: UnsafeRawPointer
  private var scratch: Scratch

  private enum Weights {
    case float(UnsafePointer<Float>, bias: UnsafePointer<Float>?)
    case widened(Matrix)
    case int8(Matrix, Requantization)
  }

  /// Parts of the scratch memory: widened weights, and the input with each channel repeated.
  private struct Scratch {
    var weights: UnsafeMutablePointer<Float>
    var repeated: UnsafeMutableRawPointer
  }

  /// What planning finds out about a node.
  private struct Plan {
    var window: Window
    var multiplier: Int
    var result: MatrixResult
    /// For int8 weights.
    var request: MatrixRequest?
    var size: Int

    var widenedBytes: Int {
      guard request != nil, result == .float else { return 0 }
      return MemoryPlan.aligned(window.taps * window.shape.channels * 4)
    }
    var repeatedBytes: Int { multiplier == 1 ? 0 : window.inputCount * size }
    var absentBytes: Int { window.shape.width * window.shape.channels * size }

    init(_ view: NodeView, _ convolution: Convolution2D) throws(InferenceError) {
      let (x, weights, y) = try (view.input(0), view.input(1), view.output())
      result = try view.result(of: x, to: y)
      size = x.type.size
      try view.require(weights.shape.rank == 4, weights, "must have rank 4")
      window = try Window(
        view, x: x, y: y, kernel: Extent2D(height: weights.shape[1], width: weights.shape[2]),
        stride: convolution.stride, dilation: convolution.dilation, padding: convolution.padding)
      _ = try (view.count(x), view.count(weights), view.count(y))
      try view.require(
        y.shape[3].isMultiple(of: x.shape[3]), y, "is no multiple of the input's channels")
      try view.require(
        weights.shape[0] == 1 && weights.shape[3] == y.shape[3], weights,
        "has not [1, h, w, channels]")
      multiplier = y.shape[3] / x.shape[3]
      // From here on every output channel has an input channel of its own.
      window.shape.channels = y.shape[3]
      _ = try view.product([window.inputPixels, y.shape[3], size], for: x)
      if weights.type == .int8 {
        request = try view.matrix(
          weights: 1, bias: 2, n: y.shape[3], k: window.taps, result: result, as: .int8Channels)
      } else {
        _ = try view.floatInput(1)
        try view.require(result == .float, weights, "must be int8 where activations are")
        if view.has(2) {
          let bias = try view.floatInput(2)
          try view.require(try view.count(bias) == y.shape[3], bias, "has not one value a channel")
        }
      }
    }
  }

  private static func convolution(of view: NodeView) -> Convolution2D {
    guard case .depthwiseConvolution2D(let convolution) = view.node.operation else {
      preconditionFailure("a depthwise step is made from a depthwise node")
    }
    return convolution
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let plan = try Plan(view, convolution(of: view))
    return Requirements(
      scratchBytes: plan.widenedBytes + plan.repeatedBytes, tableBytes: plan.absentBytes,
      matrices: plan.request.map { [$0] } ?? [])
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    let convolution = Self.convolution(of: view)
    let plan = try Plan(view, convolution)
    (window, multiplier, activation) = (plan.window, plan.multiplier, convolution.activation)
    inputChannels = window.shape.channels / multiplier
    (x, y, absent) = (binding.input(0), binding.output, UnsafeRawPointer(binding.table))
    scratch = Scratch(
      weights: binding.scratch.assumingMemoryBound(to: Float.self),
      repeated: binding.scratch + plan.widenedBytes)
    if case .int8(let input, let output, _) = plan.result {
      let zero = UInt8(bitPattern: Int8(truncatingIfNeeded: input.zero))
      binding.table.initializeMemory(as: UInt8.self, repeating: zero, count: plan.absentBytes)
      weights = .int8(binding.matrices[0], Requantization(activation, to: output))
    } else if plan.request != nil {
      weights = .widened(binding.matrices[0])
    } else {
      weights = .float(binding.floats(1), bias: binding.optionalFloats(2))
    }
  }

  func run(_ execution: Execution) {
    let inputs = window.inputPixels * inputChannels
    let outputs = window.outputPixels * window.shape.channels
    switch weights {
    case .int8(let matrix, let requantization):
      for sample in 0..<window.batch {
        let from = spread(x + sample * inputs, element: 1).assumingMemoryBound(to: Int8.self)
        let arguments = bk_i8_depthwise_args(
          window: window.shape, first: 0, last: window.shape.output_height, x: from,
          absent: absent.assumingMemoryBound(to: Int8.self),
          weights: matrix.weights.assumingMemoryBound(to: Int8.self), bias: matrix.foldedBias,
          multiplier: matrix.multipliers, shift: matrix.shifts,
          y: y.assumingMemoryBound(to: Int8.self) + sample * outputs, zero: requantization.zero,
          low: requantization.range.lowerBound, high: requantization.range.upperBound)
        execution.run(arguments)
      }
    case .widened(let matrix):
      execution.kernels.pointee.spatial.i8_widen(
        window.taps, window.shape.channels, matrix.weights.assumingMemoryBound(to: Int8.self),
        matrix.scales, scratch.weights)
      run(execution, UnsafePointer(scratch.weights), matrix.bias, inputs, outputs)
    case .float(let weights, let bias): run(execution, weights, bias, inputs, outputs)
    }
  }

  private func run(
    _ execution: Execution, _ weights: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ inputs: Int, _ outputs: Int
  ) {
    let y = y.assumingMemoryBound(to: Float.self)
    for sample in 0..<window.batch {
      let from = spread(x + sample * inputs * 4, element: 4).assumingMemoryBound(to: Float.self)
      let arguments = bk_f32_depthwise_args(
        window: window.shape, first: 0, last: window.shape.output_height, x: from,
        absent: absent.assumingMemoryBound(to: Float.self), weights: weights, bias: bias,
        y: y + sample * outputs, low: activation.bounds.low, high: activation.bounds.high)
      execution.run(arguments)
    }
    activation.finish(execution, y, count: window.batch * outputs)
  }

  /// The sample with each channel as often as there are output channels that read it.
  private func spread(_ x: UnsafeRawPointer, element: Int) -> UnsafeRawPointer {
    if multiplier == 1 { return x }
    bk_repeat_channels(window.inputPixels, inputChannels, multiplier, element, x, scratch.repeated)
    return UnsafeRawPointer(scratch.repeated)
  }
}
