internal import CKernels
internal import ModelFormat

/// `y = clamp(requantized(x · wᵀ + b))` over all rows of an int8 x at once.
struct QuantizedDenseStep: NodeStep {
  private var rows: Int
  private var x: UnsafePointer<Int8>
  private var y: UnsafeMutablePointer<Int8>
  private var matrix: Matrix
  private var zero: Int32
  private var range: ClosedRange<Int32>

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let (x, input) = try view.quantizedInput(0)
    let (y, output) = try view.quantizedOutput()
    let weights = try view.input(1)
    try view.require(weights.shape.rank == 2, weights, "must have rank 2")
    let request = try view.matrix(
      weights: 1, bias: 2, n: weights.shape[0], k: weights.shape[1],
      result: .int8(
        input: input, output: output, roundsProduct: weights.quantization?.scales.count == 1))
    try view.require(request.n > 0 && request.k > 0, weights, "has no elements")
    let rows = try view.count(x) / request.k
    try view.require(rows * request.k == (try view.count(x)), x, "does not divide into rows")
    let outputs = try view.product([rows, request.n], for: y)
    try view.require(try view.count(y) == outputs, y, "has not one row for each of the input's")
    return Requirements(matrices: [request])
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .dense(let activation) = view.node.operation else {
      preconditionFailure("a dense step is made from a dense node")
    }
    let output = try view.quantizedOutput().affine
    (zero, range) = (output.zero, activation.range(in: output))
    matrix = binding.matrices[0]
    rows = try view.count(view.input(0)) / matrix.k
    x = binding.input(0).assumingMemoryBound(to: Int8.self)
    y = binding.output.assumingMemoryBound(to: Int8.self)
  }

  func run(_ execution: Execution) { run(execution, rows: 0..<rows) }

  var jointWork: JointWork? { .rows(rows, macs: rows * matrix.n * matrix.k) }

  func run(_ execution: Execution, _ share: RowShare) {
    run(execution, rows: share.of(rows))
  }

  private func run(_ execution: Execution, rows: Range<Int>) {
    let start = rows.lowerBound
    matrix.multiply(
      execution, rows: rows.count,
      int8: matrix.plainRows(x + start * matrix.k, stride: matrix.k), c: y + start * matrix.n,
      cStride: matrix.n, zero: zero, range: range, once: true)
  }
}
