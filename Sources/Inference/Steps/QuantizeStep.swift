internal import CKernels
internal import ModelFormat

/// Between float32 and int8, by the int8 tensor's scales and zero points.
struct QuantizeStep: NodeStep {
  private var toInt8: Bool
  private var outer: Int
  private var inner: Int
  private var scales: [Float]
  private var zeros: [Int32]
  private var x: UnsafeRawPointer
  private var y: UnsafeMutableRawPointer

  private static func quantized(_ view: NodeView) throws(InferenceError) -> (Tensor, Quantization) {
    let toInt8 = view.node.operation == .quantize
    let x = try view.input(0)
    let y = try view.output()
    let (wide, narrow) = toInt8 ? (x, y) : (y, x)
    try view.require(wide.type == .float32, wide, "must be float32")
    try view.require(narrow.type == .int8, narrow, "must be int8")
    try view.require(try view.count(x) == view.count(y), y, "has not the input's size")
    guard let quantization = narrow.quantization else {
      throw .unsupported(layer: view.name, tensor: narrow.name, reason: "has no quantization")
    }
    let axis = quantization.axis
    try view.require(
      axis.map { narrow.shape.dimensions.indices.contains($0) } ?? true, narrow, "axis is outside")
    let channels = axis.map { narrow.shape[$0] } ?? 1
    try view.require(
      quantization.scales.count == channels && quantization.zeroPoints.count == channels, narrow,
      "has not one scale and zero point a channel")
    return (narrow, quantization)
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    _ = try quantized(view)
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    let (tensor, quantization) = try Self.quantized(view)
    toInt8 = view.node.operation == .quantize
    scales = quantization.scales
    zeros = quantization.zeroPoints
    let total = try view.count(tensor)
    if let axis = quantization.axis {
      inner = tensor.shape.dimensions[(axis + 1)...].reduce(1) { $0 * $1 }
      outer = total / inner / scales.count
    } else {
      (inner, outer) = (total, 1)
    }
    x = binding.input(0)
    y = binding.output
  }

  func run(_ execution: Execution) { run(inner: 0..<inner) }

  var jointWork: JointWork? { outer * scales.count == 1 ? .rows(inner) : nil }

  func run(_ execution: Execution, _ share: RowShare) {
    run(inner: share.of(inner))
  }

  /// A range of the innermost elements; all of them where there are several channels.
  private func run(inner range: Range<Int>) {
    let (start, count) = (range.lowerBound, range.count)
    if toInt8 {
      bk_quantize_affine(
        outer, scales.count, count, x.assumingMemoryBound(to: Float.self) + start, scales, zeros,
        y.assumingMemoryBound(to: Int8.self) + start)
    } else {
      bk_dequantize_affine(
        outer, scales.count, count, x.assumingMemoryBound(to: Int8.self) + start, scales, zeros,
        y.assumingMemoryBound(to: Float.self) + start)
    }
  }
}
