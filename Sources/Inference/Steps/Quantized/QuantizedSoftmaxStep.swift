internal import CKernels
internal import ModelFormat

/// Softmax over the last axis of int8. Exponentials of all differences from the largest are made once, as LiteRT does;
/// its fixed-point form is for other types.
struct QuantizedSoftmaxStep: NodeStep {
  private var rows: Int
  private var columns: Int
  private var exponentials: [Float]
  private var x: UnsafePointer<Int8>
  private var y: UnsafeMutablePointer<Int8>

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let (x, _) = try view.quantizedInput(0)
    let (y, output) = try view.quantizedOutput()
    try view.require(x.shape.rank > 0, x, "must have an axis")
    try view.require(try view.count(y) == view.count(x), y, "has not the input's size")
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
    exponentials = [Float](repeating: 0, count: 256)
    bk_i8_softmax_table(input.scale * beta, &exponentials)
  }

  func run(_ execution: Execution) {
    exponentials.withUnsafeBufferPointer { exponentials in
      execution.run(
        bk_i8_softmax_work(
          rows: rows, columns: columns, exps: exponentials.baseAddress, x: x, y: y,
          kernel: execution.kernels.pointee.quantized.i8_softmax))
    }
  }

  var jointWork: JointWork? { .rows(rows) }

  func run(_ execution: Execution, _ share: RowShare) {
    let range = share.of(rows)
    let start = range.lowerBound * columns
    execution.kernels.pointee.quantized.i8_softmax(
      range.count, columns, exponentials, x + start, y + start)
  }
}
