internal import CKernels
internal import ModelFormat

/// How a spatial operator's output positions read its input, checked.
struct Window {
  var batch: Int
  var shape: bk_window

  var inputPixels: Int { shape.height * shape.width }
  var outputPixels: Int { shape.output_height * shape.output_width }
  var taps: Int { shape.kernel_height * shape.kernel_width }
  var inputCount: Int { inputPixels * shape.channels }

  /// `x` is [n, h, w, c] and `y` [n, h', w', anything].
  init(
    _ view: NodeView, x: Tensor, y: Tensor, kernel: Extent2D, stride: Extent2D,
    dilation: Extent2D = Extent2D(height: 1, width: 1), padding: Padding2D
  ) throws(InferenceError) {
    try view.require(x.shape.rank == 4, x, "must have rank 4")
    try view.require(y.shape.rank == 4, y, "must have rank 4")
    try view.require(x.shape[0] == y.shape[0], y, "has another batch than the input")
    for extent in [kernel, stride, dilation] {
      let fits = extent.height > 0 && extent.width > 0 && max(extent.height, extent.width) < 1 << 15
      try view.require(fits, x, "kernel, stride and dilation must be from 1 to 32767")
    }
    for zeros in [padding.top, padding.bottom, padding.left, padding.right] {
      try view.require((0..<1 << 15).contains(zeros), x, "padding must be from 0 to 32767")
    }
    for extent in x.shape.dimensions + y.shape.dimensions {
      try view.require(extent < 1 << 24, x, "extents must be below 2^24")
    }
    _ = try view.product([y.shape[1], stride.height], for: y)
    _ = try view.product([y.shape[2], stride.width], for: y)
    _ = try view.product([kernel.height, dilation.height], for: x)
    _ = try view.product([kernel.width, dilation.width], for: x)
    batch = x.shape[0]
    shape = bk_window(
      height: x.shape[1], width: x.shape[2], channels: x.shape[3], output_height: y.shape[1],
      output_width: y.shape[2], kernel_height: kernel.height, kernel_width: kernel.width,
      stride_height: stride.height, stride_width: stride.width, dilation_height: dilation.height,
      dilation_width: dilation.width, top: padding.top, left: padding.left)
  }

  /// Checks that offsets into a padded copy of `x`, and into one window, can be computed.
  func checkRows(_ view: NodeView, _ x: Tensor) throws(InferenceError) {
    let depth = try view.product([taps, shape.channels], for: x)
    try view.require(depth <= 1 << 17, x, "is read in windows of more than 131072 values")
    let pixels = try view.product([shape.reachedHeight, shape.reachedWidth], for: x)
    _ = try view.product([pixels, shape.channels, 4], for: x)
  }
}
