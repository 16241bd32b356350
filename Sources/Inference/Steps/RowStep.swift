internal import CKernels
internal import ModelFormat

/// Normalizations of each row of the last axis: layerNormalization, logSoftmax, l2Normalization.
struct RowStep: NodeStep {
  private enum Kind {
    case layerNormalization(epsilon: Float)
    case logSoftmax
    case l2Normalization
  }

  private var kind: Kind
  private var rows: Int
  private var columns: Int
  private var x: UnsafePointer<Float>
  private var gamma: UnsafePointer<Float>?
  private var beta: UnsafePointer<Float>?
  private var y: UnsafeMutablePointer<Float>

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let x = try view.floatInput(0)
    let y = try view.floatOutput()
    try view.require(x.shape.rank > 0, x, "must have an axis")
    try view.require(try view.count(y) == view.count(x), y, "has not the input's size")
    for position in 1..<3 where view.has(position) {
      let vector = try view.floatInput(position)
      let fits = try view.count(vector) == x.shape[x.shape.rank - 1]
      try view.require(fits, vector, "has not one value a column")
    }
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    switch view.node.operation {
    case .layerNormalization(let epsilon): kind = .layerNormalization(epsilon: epsilon)
    case .logSoftmax: kind = .logSoftmax
    case .l2Normalization: kind = .l2Normalization
    default: preconditionFailure("made from a node that normalizes rows")
    }
    let shape = try view.input(0).shape
    columns = shape[shape.rank - 1]
    rows = try view.count(view.input(0)) / columns
    x = binding.floats(0)
    gamma = binding.optionalFloats(1)
    beta = binding.optionalFloats(2)
    y = binding.outputFloats
  }

  func run(_ execution: Execution) { run(execution, rows: 0..<rows) }

  var jointWork: JointWork? { .rows(rows) }

  func run(_ execution: Execution, _ share: RowShare) {
    run(execution, rows: share.of(rows))
  }

  private func run(_ execution: Execution, rows range: Range<Int>) {
    let (rows, start) = (range.count, range.lowerBound * columns)
    let (x, y) = (x + start, y + start)
    switch kind {
    case .layerNormalization(let epsilon):
      execution.run(
        bk_f32_rows_work(
          rows: rows, columns: columns, factor: epsilon, x: x, gamma: gamma, beta: beta, y: y,
          softmax: nil, norm: execution.kernels.pointee.rows.f32_layer_norm))
    case .logSoftmax: execution.kernels.pointee.rows.f32_log_softmax(rows, columns, x, y)
    case .l2Normalization: execution.kernels.pointee.rows.f32_l2_norm(rows, columns, x, y)
    }
  }
}
