internal import CKernels
internal import ModelFormat

/// A function of two operands, broadcast against each other.
struct BinaryStep: NodeStep {
  private var kind: bk_binary_kind
  private var activation: Activation
  private var walk: bk_broadcast
  private var a: UnsafePointer<Float>
  private var b: UnsafePointer<Float>
  private var y: UnsafeMutablePointer<Float>
  private var count: Int
  private var isCutAlike: Bool

  /// How operands of any type are read to give the output densely.
  static func walk(of view: NodeView) throws(InferenceError) -> Walk {
    let a = try view.input(0)
    let b = try view.input(1)
    let y = try view.output()
    _ = try (view.count(a), view.count(b), view.count(y))
    let aStrides = try strides(of: a, in: y, view)
    let bStrides = try strides(of: b, in: y, view)
    let walk = Walk(
      y.shape.dimensions.indices.map {
        Walk.Axis(extent: y.shape[$0], first: aStrides[$0], second: bStrides[$0])
      })
    try view.require(walk.fits, y, "has too many axes that do not merge")
    return walk
  }

  /// Strides of an operand along the output's axes: 0 where it repeats.
  static func strides(
    of operand: Tensor, in y: Tensor, _ view: NodeView
  ) throws(InferenceError) -> [Int] {
    let missing = y.shape.rank - operand.shape.rank
    try view.require(missing >= 0, operand, "has more axes than the output")
    let own = Walk.strides(operand.shape.dimensions)
    var strides = [Int](repeating: 0, count: y.shape.rank)
    for axis in operand.shape.dimensions.indices where operand.shape[axis] != 1 {
      let fits = operand.shape[axis] == y.shape[axis + missing]
      try view.require(fits, operand, "does not broadcast to the output's shape")
      strides[axis + missing] = own[axis]
    }
    return strides
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    _ = try (view.floatInput(0), view.floatInput(1), view.floatOutput())
    _ = try walk(of: view)
    return Requirements()
  }

  /// Whether a range of the outermost axis takes no more of a computed operand than the same part.
  static func isCutAlike(
    _ view: NodeView, _ walk: bk_broadcast
  ) throws(InferenceError) -> Bool {
    let (a, b) = try (view.input(0), view.input(1))
    return (walk.a_strides.0 != 0 || a.isConstant) && (walk.b_strides.0 != 0 || b.isConstant)
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .binary(let kind, let activation) = view.node.operation else {
      preconditionFailure("a binary step is made from a binary node")
    }
    self.kind = bk_binary_kind(UInt32(kind.rawValue))
    self.activation = activation
    walk = try Self.walk(of: view).broadcast
    count = try view.count(view.output())
    isCutAlike = try Self.isCutAlike(view, walk)
    a = binding.floats(0)
    b = binding.floats(1)
    y = binding.outputFloats
  }

  func run(_ execution: Execution) {
    execution.binary(kind, walk, a, b, y, count: count)
    activation.apply(execution, y, count: count)
  }

  var jointWork: JointWork? {
    let work = JointWork.rows(walk.extents.0)
    return isCutAlike ? work : work.map { _ in JointWork(macs: 0) }
  }

  func run(_ execution: Execution, _ share: RowShare) {
    let range = share.of(walk.extents.0)
    // Walks take one turn at least.
    if range.isEmpty { return }
    let (start, inner) = (range.lowerBound, count / walk.extents.0)
    var walk = walk
    walk.extents.0 = range.count
    execution.kernels.pointee.elementwise.f32_binary(
      kind, &walk, a + start * walk.a_strides.0, b + start * walk.b_strides.0, y + start * inner)
    activation.apply(execution, y + start * inner, count: range.count * inner)
  }
}
