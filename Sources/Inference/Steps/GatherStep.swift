internal import CKernels
internal import ModelFormat

/// Picks along an axis by int32 indices.
struct GatherStep: NodeStep {
  private var name: String
  private var outer: Int
  private var extent: Int
  private var picked: Int
  private var innerBytes: Int
  private var indices: UnsafePointer<Int32>
  private var x: UnsafeRawPointer
  private var y: UnsafeMutableRawPointer

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    guard case .gather(let axis) = view.node.operation else {
      preconditionFailure("a gather step is made from a gather node")
    }
    let x = try view.input(0)
    let indices = try view.input(1)
    let y = try view.output()
    try view.require(indices.type == .int32, indices, "must be int32")
    try view.require(y.type == x.type, y, "has another type than the input")
    try view.require((0..<x.shape.rank).contains(axis), x, "has no axis \(axis)")
    let size = try view.count(x) / x.shape[axis]
    let expected = try view.product([size, try view.count(indices)], for: y)
    try view.require(try view.count(y) == expected, y, "has not the picked size")
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .gather(let axis) = view.node.operation else {
      preconditionFailure("a gather step is made from a gather node")
    }
    let shape = try view.input(0).shape
    name = view.name
    outer = shape.dimensions[..<axis].reduce(1) { $0 * $1 }
    extent = shape[axis]
    innerBytes = shape.dimensions[(axis + 1)...].reduce(try view.input(0).type.size) { $0 * $1 }
    picked = try view.count(view.input(1))
    x = binding.input(0)
    indices = binding.input(1).assumingMemoryBound(to: Int32.self)
    y = binding.output
  }

  func run(_ execution: Execution) throws(InferenceError) {
    let wrong = bk_gather_run(outer, extent, picked, innerBytes, indices, x, y)
    if wrong < picked { throw .indexOutOfRange(layer: name, position: wrong) }
  }
}
