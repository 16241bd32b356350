internal import CKernels
internal import ModelFormat

/// `y = activation(x · wᵀ + b)` over all rows of x at once.
struct DenseStep: NodeStep {
  private var rows: Int
  private var x: UnsafePointer<Float>
  private var y: UnsafeMutablePointer<Float>
  private var matrix: Matrix
  private var activation: Activation
  private var scratch: UnsafeMutableRawPointer

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let x = try view.floatInput(0)
    let weights = try view.input(1)
    let y = try view.floatOutput()
    try view.require(weights.shape.rank == 2, weights, "must have rank 2")
    let request = try view.matrix(
      weights: 1, bias: 2, n: weights.shape[0], k: weights.shape[1], takesBlocks: true)
    try view.require(request.n > 0 && request.k > 0, weights, "has no elements")
    let rows = try view.count(x) / request.k
    try view.require(rows * request.k == (try view.count(x)), x, "does not divide into rows")
    let outputs = try view.product([rows, request.n], for: y)
    try view.require(try view.count(y) == outputs, y, "has not one row for each of the input's")
    _ = try view.product([rows, request.k + 32, 4], for: x)
    return Requirements(
      scratchBytes: Matrix.scratchBytes(rows: rows, k: request.k, type: request.type),
      matrices: [request])
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .dense(let activation) = view.node.operation else {
      preconditionFailure("a dense step is made from a dense node")
    }
    self.activation = activation
    matrix = binding.matrices[0]
    rows = try view.count(view.input(0)) / matrix.k
    x = binding.floats(0)
    y = binding.outputFloats
    scratch = binding.scratch
  }

  func run(_ execution: Execution) { run(execution, rows: 0..<rows) }

  var jointWork: JointWork? { .rows(rows, macs: rows * matrix.n * matrix.k) }

  func run(_ execution: Execution, _ share: RowShare) {
    run(execution, rows: share.of(rows))
  }

  private func run(_ execution: Execution, rows range: Range<Int>) {
    matrix.multiply(
      execution, rows: range, of: rows, a: x, aStride: matrix.k, c: y, cStride: matrix.n,
      bounds: activation.bounds, scratch: scratch)
    activation.finish(
      execution, y + range.lowerBound * matrix.n, count: range.count * matrix.n)
  }
}
