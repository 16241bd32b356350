internal import CKernels
internal import ModelFormat

/// A long short-term memory: inputs x, W, R and a bias, gates in the order i, f, g, o.
struct LSTMStep: NodeStep {
  private let layer: RecurrentLayer

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let sizes = try sizes(view)
    return Requirements(
      scratchBytes: sizes.parts.bytes, stateBytes: sizes.stateBytes, matrices: sizes.matrices)
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    layer = RecurrentLayer(try Self.sizes(view), binding, block: view.tile.units)
  }

  func run(_ execution: Execution) { layer.run(execution, bk_lstm_run) }

  private static func sizes(_ view: NodeView) throws(InferenceError) -> RecurrentSizes {
    guard case .lstm(let lstm) = view.node.operation else {
      preconditionFailure("made from an LSTM node")
    }
    var sizes = try RecurrentSizes(
      view, gates: 4, keepsState: lstm.keepsState, reversed: lstm.reversed)
    sizes.matrices = [
      try sizes.matrix(view, weights: 1, bias: 3, gates: 0..<4, k: sizes.inputs),
      try sizes.matrix(view, weights: 2, bias: nil, gates: 0..<4, k: sizes.units),
    ]
    return sizes
  }
}
