internal import CKernels
internal import ModelFormat

/// A gated recurrent unit: inputs x, W, R and two biases, gates in the order z, r, h.
struct GRUStep: NodeStep {
  private let layer: RecurrentLayer

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let sizes = try sizes(view)
    return Requirements(
      scratchBytes: sizes.parts.bytes, stateBytes: sizes.stateBytes, matrices: sizes.matrices)
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    layer = RecurrentLayer(try Self.sizes(view), binding, block: view.tile.units)
  }

  func run(_ execution: Execution) { layer.run(execution, bk_gru_run) }

  private static func sizes(_ view: NodeView) throws(InferenceError) -> RecurrentSizes {
    guard case .gru(let gru) = view.node.operation else {
      preconditionFailure("made from a GRU node")
    }
    var sizes = try RecurrentSizes(
      view, gates: 3, keepsState: gru.keepsState, reversed: gru.reversed)
    let units = sizes.units
    sizes.matrices = [
      try sizes.matrix(view, weights: 1, bias: 3, gates: 0..<3, k: sizes.inputs)
    ]
    if gru.resetsAfter {
      sizes.matrices.append(try sizes.matrix(view, weights: 2, bias: 4, gates: 0..<3, k: units))
    } else {
      sizes.matrices += [
        try sizes.matrix(view, weights: 2, bias: nil, gates: 0..<2, k: units),
        try sizes.matrix(view, weights: 2, bias: nil, gates: 2..<3, k: units),
      ]
    }
    return sizes
  }
}
