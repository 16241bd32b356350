internal import CKernels
internal import ModelFormat

/// A function of each element.
struct UnaryStep: NodeStep {
  private var kind: bk_unary_kind
  private var x: UnsafePointer<Float>
  private var y: UnsafeMutablePointer<Float>
  private var count: Int

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let count = try view.count(view.floatInput(0))
    let y = try view.floatOutput()
    try view.require(try view.count(y) == count, y, "has not the input's size")
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .unary(let kind) = view.node.operation else {
      preconditionFailure("a unary step is made from a unary node")
    }
    self.kind = bk_unary_kind(UInt32(kind.rawValue))
    count = try view.count(view.output())
    x = binding.floats(0)
    y = binding.outputFloats
  }

  func run(_ execution: Execution) {
    execution.unary(kind, count, x, y)
  }

  var jointWork: JointWork? { .rows(count) }

  func run(_ execution: Execution, _ share: RowShare) {
    let range = share.of(count)
    execution.kernels.pointee.elementwise.f32_unary(
      kind, range.count, x + range.lowerBound, y + range.lowerBound)
  }
}
