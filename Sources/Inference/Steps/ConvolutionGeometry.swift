internal import CKernels
internal import ModelFormat

/// How the patches of a convolution become rows of a matrix.
struct ConvolutionGeometry {
  enum Rows {
    /// Every patch is contiguous: row i starts `stride` elements after row i - 1.
    case overlapping(stride: Int)
    /// A convolution along one axis with zeros around it: copied once, `before` elements of zeros
    /// ahead, `total` elements in all, then as above.
    case padded(stride: Int, before: Int, total: Int)
    /// Patches are gathered, this many rows at a time.
    case gathered(block: Int)
  }

  var window: Window
  var rows: Rows
  var k: Int
  var outputs: Int

  init(_ view: NodeView) throws(InferenceError) {
    guard case .convolution2D(let convolution) = view.node.operation else {
      preconditionFailure("made from a convolution node")
    }
    let x = try view.floatInput(0)
    let weights = try view.input(1)
    let y = try view.floatOutput()
    try view.require(weights.shape.rank == 4, weights, "must have rank 4")
    window = try Window(
      view, x: x, y: y, kernel: Extent2D(height: weights.shape[1], width: weights.shape[2]),
      stride: convolution.stride, dilation: convolution.dilation, padding: convolution.padding)
    try view.require(weights.shape[3] == x.shape[3], weights, "reads other channels than the input")
    try view.require(weights.shape[0] == y.shape[3], y, "has not the weights' channels")
    k = try view.product([window.taps, x.shape[3]], for: weights)
    outputs = y.shape[3]
    let strides = [y.shape[1], convolution.stride.height, y.shape[2], convolution.stride.width]
    _ = try view.product([strides[0], strides[1], x.shape[3]], for: x)
    _ = try view.product([strides[2], strides[3], x.shape[3]], for: x)
    rows = Self.rows(window.shape, convolution.padding, k: k)
    _ = try view.count(x)
    _ = try view.count(y)
  }

  private static func rows(_ w: bk_window, _ padding: Padding2D, k: Int) -> Rows {
    let single = w.kernel_height == 1 && w.kernel_width == 1
    let unpadded = padding == Padding2D()
    if single && w.stride_height == 1 && w.stride_width == 1 && unpadded
      && w.output_height == w.height && w.output_width == w.width
    {
      return .overlapping(stride: w.channels)
    }
    let alongWidth =
      w.height == 1 && w.kernel_height == 1 && w.output_height == 1 && w.dilation_width == 1
      && padding.top == 0
    let alongHeight =
      w.width == 1 && w.kernel_width == 1 && w.output_width == 1 && w.dilation_height == 1
      && padding.left == 0
    guard alongWidth || alongHeight else { return .gathered(block: 48) }
    let stride = (alongWidth ? w.stride_width : w.stride_height) * w.channels
    let before = (alongWidth ? padding.left : padding.top) * w.channels
    let count = alongWidth ? w.output_width : w.output_height
    let input = w.height * w.width * w.channels
    let total = max((count - 1) * stride + k, before + input)
    if before == 0 && total == input { return .overlapping(stride: stride) }
    return .padded(stride: stride, before: before, total: total)
  }
}
