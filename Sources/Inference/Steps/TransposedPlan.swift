internal import CKernels
internal import ModelFormat

extension TransposedConvolutionStep {
  /// What planning finds out about a node.
  struct Plan {
    /// The outputs of one phase along each axis.
    struct Part {
      /// Elements before the first output, and before what it reads in the padded copy.
      var output: Int
      var input: Int
      var rows: Int
      var columns: Int
      var segments: Int
      var k: Int
    }

    private(set) var batch: Int
    private(set) var channels: Int
    private(set) var inputCount: Int
    private(set) var outputCount: Int
    private(set) var activation: Activation
    private(set) var result: MatrixResult
    private(set) var isInt8: Bool
    private(set) var parts: [Part] = []
    private(set) var requests: [MatrixRequest] = []
    /// The input, with what lies before it in the padded copy.
    private(set) var window = bk_window()
    /// Pixels of the padded copy, and elements of one of its rows.
    private(set) var height: Int
    private(set) var width: Int
    var rowCount: Int { width * channels }
    /// Elements from output to output of a part, and from row to row.
    private(set) var outputStride: Int
    private(set) var outputRowStride: Int
    private(set) var quantizedBytes = 0
    private(set) var copyBytes = 0
    private(set) var mostSegments = 1

    init(_ view: NodeView) throws(InferenceError) {
      guard case .transposedConvolution2D(let convolution) = view.node.operation else {
        preconditionFailure("made from a transposed convolution node")
      }
      let (x, weights, y) = try (view.input(0), view.input(1), view.output())
      result = try view.result(of: x, to: y)
      activation = convolution.activation
      isInt8 = weights.type == .int8
      try view.require(weights.shape.rank == 4, weights, "must have rank 4")
      let shape = try Window(
        view, x: x, y: y, kernel: Extent2D(height: weights.shape[1], width: weights.shape[2]),
        stride: convolution.stride, padding: convolution.padding)
      try view.require(
        weights.shape[3] == x.shape[3], weights, "reads other channels than the input")
      try view.require(weights.shape[0] == y.shape[3], y, "has not the weights' channels")
      inputCount = try view.count(x) / max(x.shape[0], 1)
      outputCount = try view.count(y) / max(y.shape[0], 1)
      (batch, channels) = (shape.batch, x.shape[3])
      let depth = try view.product([shape.taps, channels], for: weights)
      try view.require(
        depth <= 1 << 17, weights, "has more than 131072 values an output channel")
      let axes = Self.axes(shape.shape)
      try view.require(
        axes.y.phases.count * axes.x.phases.count <= 1024, y, "has strides of more than 1024 phases"
      )
      (height, width) = (axes.y.reach, axes.x.reach)
      _ = try view.product([height, width, channels, 4], for: x)
      let n = y.shape[3]
      outputStride = convolution.stride.width * n
      outputRowStride = convolution.stride.height * y.shape[2] * n
      for down in axes.y.phases {
        for across in axes.x.phases {
          try add(view, down, across, axes, shape.taps, outputs: y.shape)
        }
      }
      setScratch(shape.shape, axes)
    }

    private static func axes(_ w: bk_window) -> (y: TransposedPhases, x: TransposedPhases) {
      (
        TransposedPhases(
          inputs: w.height, outputs: w.output_height, kernel: w.kernel_height,
          stride: w.stride_height, before: w.top),
        TransposedPhases(
          inputs: w.width, outputs: w.output_width, kernel: w.kernel_width,
          stride: w.stride_width, before: w.left)
      )
    }

    private mutating func add(
      _ view: NodeView, _ down: TransposedPhases.Phase, _ across: TransposedPhases.Phase,
      _ axes: (y: TransposedPhases, x: TransposedPhases), _ count: Int, outputs: Shape
    ) throws(InferenceError) {
      let kernelWidth = try view.input(1).shape[2]
      var order: [Int?] = []
      for y in down.taps {
        for x in across.taps {
          if let y, let x { order.append(y * kernelWidth + x) } else { order.append(nil) }
        }
      }
      let k = across.taps.count * channels
      requests.append(
        try view.matrix(
          weights: 1, bias: 2, n: outputs[3], k: k, segments: down.taps.count,
          taps: TapOrder(count: count, order: order), result: result))
      parts.append(
        Part(
          output: (down.firstOutput * outputs[2] + across.firstOutput) * outputs[3],
          input: ((axes.y.before + down.firstInput) * width + axes.x.before + across.firstInput)
            * channels,
          rows: down.outputs, columns: across.outputs, segments: down.taps.count, k: k))
      mostSegments = max(mostSegments, down.taps.count)
    }

    private mutating func setScratch(
      _ shape: bk_window, _ axes: (y: TransposedPhases, x: TransposedPhases)
    ) {
      (window.height, window.width, window.channels) = (shape.height, shape.width, channels)
      (window.top, window.left) = (axes.y.before, axes.x.before)
      if isInt8 && result == .float { quantizedBytes = MemoryPlan.aligned(inputCount + 64) }
      let isInside =
        window.top == 0 && window.left == 0 && height <= window.height && width == window.width
      // Runs of int8 are read to a multiple of eight, past the input's end.
      let isReadable = !isInt8 || channels % Int(BK_I8_K_ALIGNMENT) == 0
      if !isInside || !isReadable {
        copyBytes = MemoryPlan.aligned(height * width * channels * (isInt8 ? 1 : 4) + 64)
      }
    }
  }
}
