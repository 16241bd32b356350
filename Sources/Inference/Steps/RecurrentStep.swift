internal import CKernels
internal import ModelFormat

/// A recurrent layer in floats. An LSTM has inputs x, W, R and a bias, gates in the order i, f, g, o; a GRU has
/// x, W, R and two biases, gates in the order z, r, h.
struct RecurrentStep: NodeStep {
  private let layer: RecurrentLayer
  private let work: Threads.Work

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let sizes = try sizes(view)
    return Requirements(
      scratchBytes: sizes.parts.bytes, stateBytes: sizes.stateBytes, matrices: sizes.matrices)
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    let sizes = try Self.sizes(view)
    layer = RecurrentLayer(sizes, binding, block: view.tile.units)
    work = sizes.gates == 4 ? bk_lstm_run : bk_gru_run
  }

  func run(_ execution: Execution) { layer.run(execution, work) }

  private static func sizes(_ view: NodeView) throws(InferenceError) -> RecurrentSizes {
    switch view.node.operation {
    case .lstm(let lstm):
      var sizes = try RecurrentSizes(
        view, gates: 4, keepsState: lstm.keepsState, reversed: lstm.reversed)
      sizes.matrices = [
        try sizes.matrix(view, weights: 1, bias: 3, gates: 0..<4, k: sizes.inputs),
        try sizes.matrix(view, weights: 2, bias: nil, gates: 0..<4, k: sizes.units),
      ]
      return sizes
    case .gru(let gru):
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
    default: preconditionFailure("made from a recurrent node")
    }
  }
}
