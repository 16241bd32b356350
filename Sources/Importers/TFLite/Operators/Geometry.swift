internal import ModelFormat

/// How a window moves over an image.
struct Geometry {
  /// Padded so that output = ceil(input / stride); otherwise not padded at all.
  var same: Bool
  var stride: Extent2D
  var dilation: Extent2D

  /// Output extent and resolved padding; `nil` when the window does not fit.
  func output(of image: Extent2D, kernel: Extent2D) -> (Extent2D, Padding2D)? {
    guard
      let rows = Self.line(
        image.height, kernel: kernel.height, stride: stride.height, dilation: dilation.height,
        same: same),
      let columns = Self.line(
        image.width, kernel: kernel.width, stride: stride.width, dilation: dilation.width,
        same: same)
    else { return nil }
    return (
      Extent2D(height: rows.count, width: columns.count),
      Padding2D(
        top: rows.before, bottom: rows.after, left: columns.before, right: columns.after)
    )
  }

  /// TensorFlow's rule: of an odd total the larger half goes behind.
  private static func line(
    _ extent: Int, kernel: Int, stride: Int, dilation: Int, same: Bool
  ) -> (count: Int, before: Int, after: Int)? {
    let reach = (kernel - 1) * dilation + 1
    if same {
      let count = (extent + stride - 1) / stride
      let total = max(0, (count - 1) * stride + reach - extent)
      return (count, total / 2, total - total / 2)
    }
    guard extent >= reach else { return nil }
    return ((extent - reach) / stride + 1, 0, 0)
  }
}
