internal import CKernels
internal import ModelFormat

/// Images of another size: nearest neighbours for any element type, bilinear for float32 and int8.
struct ResizeStep: NodeStep {
  private var resize: bk_resize
  private var kind: Resize2D.Kind
  private var elementSize: Int
  private var batch: Int
  private var x: UnsafeRawPointer
  private var y: UnsafeMutableRawPointer

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    guard case .resize2D(let payload) = view.node.operation else {
      preconditionFailure("made from a resized image")
    }
    let x = try view.input(0)
    let y = try view.output()
    try view.require(x.shape.rank == 4 && y.shape.rank == 4, x, "must have rank 4")
    _ = try (view.count(x), view.count(y))
    let alike = x.shape[0] == y.shape[0] && x.shape[3] == y.shape[3] && x.type == y.type
    try view.require(alike, y, "differs from the input beside height and width")
    for extent in x.shape.dimensions + y.shape.dimensions {
      try view.require(extent < 1 << 24, x, "extents must be below 2^24")
    }
    if payload.kind == .bilinear, x.type == .int8 {
      let input = try view.quantizedInput(0).affine
      try view.require(
        try view.quantizedOutput().affine == input, y, "is quantized otherwise than the input")
      for extent in [x.shape[1], x.shape[2], y.shape[1], y.shape[2]] {
        try view.require(extent <= 1 << 20, x, "extents of int8 must be at most 2^20")
      }
    } else if payload.kind == .bilinear {
      _ = try view.floatInput(0)
    }
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .resize2D(let payload) = view.node.operation else {
      preconditionFailure("made from a resized image")
    }
    let x = try view.input(0)
    let y = try view.output()
    kind = payload.kind
    elementSize = x.type.size
    batch = x.shape[0]
    resize = bk_resize(
      height: x.shape[1], width: x.shape[2], channels: x.shape[3], output_height: y.shape[1],
      output_width: y.shape[2], aligns_corners: payload.alignsCorners,
      centers_pixels: payload.centersPixels)
    self.x = binding.input(0)
    self.y = binding.output
  }

  func run(_ execution: Execution) {
    var resize = resize
    let from = resize.height * resize.width * resize.channels * elementSize
    let to = resize.output_height * resize.output_width * resize.channels * elementSize
    for sample in 0..<batch {
      let (source, target) = (x + sample * from, y + sample * to)
      switch kind {
      case .nearest: bk_resize_nearest(&resize, elementSize, source, target)
      case .bilinear where elementSize == 1:
        bk_i8_resize_bilinear(
          &resize, source.assumingMemoryBound(to: Int8.self),
          target.assumingMemoryBound(to: Int8.self))
      case .bilinear:
        bk_f32_resize_bilinear(
          &resize, source.assumingMemoryBound(to: Float.self),
          target.assumingMemoryBound(to: Float.self))
      }
    }
  }
}
