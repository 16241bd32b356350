internal import CKernels
internal import ModelFormat

/// PReLU with one slope for all elements.
struct LeakyReLUStep: NodeStep {
  private var alpha: Float
  private var walk: bk_broadcast
  private var x: UnsafePointer<Float>
  private var y: UnsafeMutablePointer<Float>

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let count = try view.count(view.floatInput(0))
    let y = try view.floatOutput()
    try view.require(try view.count(y) == count, y, "has not the input's size")
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .leakyReLU(let alpha) = view.node.operation else {
      preconditionFailure("made from a leaky rectifier")
    }
    self.alpha = alpha
    let count = try view.count(view.output())
    walk = Walk([Walk.Axis(extent: count, first: 1, second: 0)]).broadcast
    x = binding.floats(0)
    y = binding.outputFloats
  }

  func run(_ execution: Execution) {
    var slope = alpha
    var walk = walk
    execution.kernels.pointee.elementwise.f32_binary(BK_PRELU, &walk, x, &slope, y)
  }
}
