internal import CKernels
internal import ModelFormat

/// Softmax over the last axis of int8, in the fixed-point arithmetic of TFLite's reference kernel. Exponentials of all
/// differences are made once.
struct QuantizedSoftmaxStep: NodeStep {
  private var rows: Int
  private var columns: Int
  private var exponentials: [Int32]
  private var x: UnsafePointer<Int8>
  private var y: UnsafeMutablePointer<Int8>

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let (x, _) = try view.quantizedInput(0)
    let (y, output) = try view.quantizedOutput()
    try view.require(x.shape.rank > 0, x, "must have an axis")
    try view.require(try view.count(y) == view.count(x), y, "has not the input's size")
    // The sum of exponentials has twelve bits before the point.
    try view.require(x.shape[x.shape.rank - 1] < 4096, x, "has more than 4095 columns")
    try view.require(
      output == AffineScale(scale: 1 / 256, zero: -128), y,
      "must have scale 1/256 and zero point -128")
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .softmax(let beta) = view.node.operation else {
      preconditionFailure("a softmax step is made from a softmax node")
    }
    let (tensor, input) = try view.quantizedInput(0)
    columns = tensor.shape[tensor.shape.rank - 1]
    rows = try view.count(tensor) / columns
    x = binding.input(0).assumingMemoryBound(to: Int8.self)
    y = binding.output.assumingMemoryBound(to: Int8.self)
    // Differences become Q5.26; those beyond 31 would overflow, and their exponential is nothing.
    let real = min(Double(beta) * Double(input.scale) * 0x1p26, 0x1p31 - 1)
    let scale = QuantizedMultiplier(real)
    let furthest = scale.shift < 0 ? 255 : (31 << 26) >> Int64(scale.shift)
    exponentials = [Int32](repeating: 0, count: 256)
    bk_i8_softmax_table(scale.scale, Int32(min(255, furthest)), &exponentials)
  }

  func run(_ execution: Execution) {
    execution.kernels.pointee.quantized.i8_softmax(rows, columns, exponentials, x, y)
  }
}
