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
  /// Bytes of the output to clear first.
  private var cleared = 0
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
    if case .pad = view.node.operation { cleared = try view.count(y) * size }
  }

  func run(_ execution: Execution) {
    if cleared > 0 { output.initializeMemory(as: UInt8.self, repeating: 0, count: cleared) }
    for index in parts.indices {
      var walk = parts[index].walk
      bk_copy_run(&walk, parts[index].source, parts[index].target)
    }
  }
}
