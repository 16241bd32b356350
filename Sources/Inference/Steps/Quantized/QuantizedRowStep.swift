internal import CKernels
internal import ModelFormat

/// Log-softmax of each row of int8, and rows divided by their lengths. TFLite gives both fixed scales.
struct QuantizedRowStep: NodeStep {
  private var rows: Int
  private var columns: Int
  private var input: AffineScale
  /// Of a log-softmax; `nil` for rows divided by their lengths.
  private var exponentials: [Float]?
  private var x: UnsafePointer<Int8>
  private var y: UnsafeMutablePointer<Int8>

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let (x, _) = try view.quantizedInput(0)
    let (y, output) = try view.quantizedOutput()
    try view.require(x.shape.rank > 0, x, "must have an axis")
    try view.require(try view.count(y) == view.count(x), y, "has not the input's size")
    if view.node.operation == .logSoftmax {
      try view.require(
        output == AffineScale(scale: 16 / 256, zero: 127), y,
        "must have scale 16/256 and zero point 127")
    } else {
      try view.require(
        output == AffineScale(scale: 1 / 128, zero: 0), y, "must have scale 1/128 and zero point 0")
      try view.require(
        x.shape[x.shape.rank - 1] <= 1 << 15, x, "has more than 32768 values to add")
    }
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    let (tensor, affine) = try view.quantizedInput(0)
    columns = tensor.shape[tensor.shape.rank - 1]
    rows = try view.count(tensor) / columns
    input = affine
    x = binding.input(0).assumingMemoryBound(to: Int8.self)
    y = binding.output.assumingMemoryBound(to: Int8.self)
    if view.node.operation == .logSoftmax {
      var table = [Float](repeating: 0, count: 256)
      bk_i8_softmax_table(input.scale, &table)
      exponentials = table
    }
  }

  func run(_ execution: Execution) {
    if let exponentials {
      bk_i8_log_softmax(rows, columns, input.scale, exponentials, x, y)
    } else {
      bk_i8_l2_norm(rows, columns, input.zero, x, y)
    }
  }
}
