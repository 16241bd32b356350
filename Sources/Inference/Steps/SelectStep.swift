internal import CKernels
internal import ModelFormat

/// Picks each element from one of two operands by a third, all broadcast against each other.
struct SelectStep: NodeStep {
  private var walk: bk_select_walk
  private var condition: UnsafePointer<Float>
  private var elementSize: Int
  private var a: UnsafeRawPointer
  private var b: UnsafeRawPointer
  private var y: UnsafeMutableRawPointer

  private static func walk(of view: NodeView) throws(InferenceError) -> bk_select_walk {
    let y = try view.output()
    _ = try view.count(y)
    try view.require(y.type == .float32 || y.type == .int8, y, "must be float32 or int8")
    try view.require(y.shape.rank <= Int(BK_MAX_RANK), y, "has too many axes")
    var strides: [[Int]] = []
    for position in 0..<3 {
      let operand = try position == 0 ? view.floatInput(0) : view.input(position)
      _ = try view.count(operand)
      try view.require(
        position == 0 || operand.type == y.type, operand, "has another type than the output")
      strides.append(try BinaryStep.strides(of: operand, in: y, view))
    }
    var walk = bk_select_walk()
    walk.rank = y.shape.rank
    for axis in y.shape.dimensions.indices {
      bk_select_set(
        &walk, axis, y.shape[axis], strides[0][axis], strides[1][axis], strides[2][axis])
    }
    return walk
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    _ = try walk(of: view)
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    walk = try Self.walk(of: view)
    condition = binding.floats(0)
    elementSize = try view.output().type.size
    a = binding.input(1)
    b = binding.input(2)
    y = binding.output
  }

  func run(_ execution: Execution) {
    var walk = walk
    bk_select(&walk, elementSize, condition, a, b, y)
  }
}
