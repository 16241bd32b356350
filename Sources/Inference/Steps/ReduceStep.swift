internal import CKernels
internal import ModelFormat

/// Mean, sum or maximum over axes. Axes that are not neighbours are first brought together.
struct ReduceStep: NodeStep {
  private var kind: ReduceKind
  private var outer: Int
  private var reduced: Int
  private var inner: Int
  private var gathering: bk_copy?
  private var x: UnsafePointer<Float>
  private var y: UnsafeMutablePointer<Float>
  private var scratch: UnsafeMutablePointer<Float>

  private static func axes(of view: NodeView) throws(InferenceError) -> [Int] {
    guard case .reduce(_, let axes, _) = view.node.operation else {
      preconditionFailure("a reduce step is made from a reduce node")
    }
    let x = try view.floatInput(0)
    let y = try view.floatOutput()
    let size = try remaining(axes, of: x, view)
    try view.require(try view.count(y) == size, y, "has not the size that is left")
    return axes
  }

  /// The elements that are left when `axes`, after checking them, are reduced.
  static func remaining(
    _ axes: [Int], of x: Tensor, _ view: NodeView
  ) throws(InferenceError) -> Int {
    var size = try view.count(x)
    var previous = -1
    for axis in axes {
      try view.require(
        axis > previous && axis < x.shape.rank, x, "axes must ascend within the rank")
      size /= x.shape[axis]
      previous = axis
    }
    return size
  }

  static func areNeighbours(_ axes: [Int]) -> Bool {
    guard let first = axes.first, let last = axes.last else { return true }
    return last - first == axes.count - 1
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let axes = try axes(of: view)
    if areNeighbours(axes) { return Requirements() }
    let x = try view.input(0)
    try view.require(gather(axes, x.shape).fits, x, "has too many axes that do not merge")
    return Requirements(scratchBytes: try view.count(x) * 4)
  }

  /// The copy that brings the reduced axes to the end.
  static func gather(_ axes: [Int], _ shape: Shape) -> Walk {
    let order = shape.dimensions.indices.filter { !axes.contains($0) } + axes
    let from = Walk.strides(shape.dimensions)
    let to = Walk.strides(order.map { shape[$0] })
    return Walk(
      order.indices.map {
        Walk.Axis(extent: shape[order[$0]], first: from[order[$0]], second: to[$0])
      })
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .reduce(let kind, let axes, _) = view.node.operation else {
      preconditionFailure("a reduce step is made from a reduce node")
    }
    self.kind = kind
    let x = try view.input(0)
    let total = try view.count(x)
    reduced = axes.reduce(1) { $0 * x.shape[$1] }
    inner = 1
    if Self.areNeighbours(axes) {
      if let last = axes.last {
        inner = x.shape.dimensions[(last + 1)...].reduce(1) { $0 * $1 }
      }
    } else {
      gathering = Self.gather(axes, x.shape).copy(elementSize: 4)
    }
    outer = total / reduced / inner
    self.x = binding.floats(0)
    y = binding.outputFloats
    scratch = binding.scratch.assumingMemoryBound(to: Float.self)
  }

  func run(_ execution: Execution) {
    var source = x
    if var gathering {
      bk_copy_run(&gathering, x, scratch)
      source = UnsafePointer(scratch)
    }
    switch kind {
    case .mean:
      execution.kernels.pointee.rows.f32_sum(outer, reduced, inner, 1 / Float(reduced), source, y)
    case .sum: execution.kernels.pointee.rows.f32_sum(outer, reduced, inner, 1, source, y)
    case .maximum: execution.kernels.pointee.rows.f32_maximum(outer, reduced, inner, source, y)
    }
  }
}
