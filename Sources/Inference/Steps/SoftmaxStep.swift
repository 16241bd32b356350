internal import CKernels
internal import ModelFormat

/// Softmax over the last axis.
struct SoftmaxStep: NodeStep {
  private var beta: Float
  private var rows: Int
  private var columns: Int
  private var x: UnsafePointer<Float>
  private var y: UnsafeMutablePointer<Float>

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let x = try view.floatInput(0)
    let y = try view.floatOutput()
    try view.require(x.shape.rank > 0, x, "must have an axis")
    try view.require(try view.count(y) == view.count(x), y, "has not the input's size")
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .softmax(let beta) = view.node.operation else {
      preconditionFailure("a softmax step is made from a softmax node")
    }
    let shape = try view.input(0).shape
    self.beta = beta
    columns = shape[shape.rank - 1]
    rows = try view.count(view.input(0)) / columns
    x = binding.floats(0)
    y = binding.outputFloats
  }

  func run(_ execution: Execution) {
    execution.run(
      bk_f32_rows_work(
        rows: rows, columns: columns, factor: beta, x: x, gamma: nil, beta: nil, y: y,
        softmax: execution.kernels.pointee.rows.f32_softmax, norm: nil))
  }

  var jointWork: JointWork? { .rows(rows) }

  func run(_ execution: Execution, _ share: RowShare) {
    let range = share.of(rows)
    let start = range.lowerBound * columns
    execution.kernels.pointee.rows.f32_softmax(range.count, columns, beta, x + start, y + start)
  }
}
