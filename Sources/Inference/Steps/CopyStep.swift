internal import CKernels
internal import ModelFormat

/// Operators that only move elements: reshape, transpose, tile, slice, concatenate, pad.
struct CopyStep: NodeStep {
  private struct Part {
    var walk: bk_copy
    var source: UnsafeRawPointer
    var target: UnsafeMutableRawPointer
  }

  private var parts: [Part] = []
  /// Bytes of the output to fill first, and with what: a zero of floats, or an int8 zero point.
  private var filled = 0
  private var zero: UInt8 = 0
  private var output: UnsafeMutableRawPointer

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    for movement in try Movement.all(of: view) {
      let y = try view.output()
      try view.require(movement.walk.fits, y, "has too many axes that do not merge")
    }
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    output = binding.output
    let y = try view.output()
    let size = y.type.size
    for movement in try Movement.all(of: view) {
      let source = binding.input(movement.input) + movement.sourceStart * size
      let target = output + movement.targetStart * size
      parts.append(
        Part(walk: movement.walk.copy(elementSize: size), source: source, target: target))
    }
    if case .pad = view.node.operation {
      filled = try view.count(y) * size
      if y.type == .int8 {
        zero = UInt8(truncatingIfNeeded: try view.quantizedOutput().affine.zero)
      }
    }
  }

  func run(_ execution: Execution) {
    if filled > 0 { output.initializeMemory(as: UInt8.self, repeating: zero, count: filled) }
    for index in parts.indices {
      var walk = parts[index].walk
      bk_copy_run(&walk, parts[index].source, parts[index].target)
    }
  }

  var jointWork: JointWork? { filled == 0 ? JointWork(macs: 0) : nil }

  func run(_ execution: Execution, _ share: RowShare) {
    for index in parts.indices {
      var walk = parts[index].walk
      let range = share.even(walk.extents.0)
      if range.isEmpty { continue }
      walk.extents.0 = range.count
      let source = range.lowerBound * walk.source_strides.0 * walk.element_size
      let target = range.lowerBound * walk.target_strides.0 * walk.element_size
      bk_copy_run(&walk, parts[index].source + source, parts[index].target + target)
    }
  }
}
