internal import ModelFormat

/// The part of an LSTM's step behind its gates:
///
///     c' = σ(f) · c + σ(i) · tanh(g),  h' = σ(o) · tanh(c')
///
/// A first step from zero state has no σ(f) · c.
struct LSTMPattern {
  /// The gates before their functions; `nil` where there is no old cell state.
  var input: TensorID
  var forget: TensorID?
  var candidate: TensorID
  var output: TensorID
  var oldCell: TensorID?
  var newCell: TensorID

  init?(behind hidden: TensorID, _ reader: CellReader) {
    guard let product = reader.gatedTanh(behind: hidden) else { return nil }
    (output, newCell) = (product.sigmoid, product.tanh)
    if let new = reader.gatedTanh(behind: newCell) {
      (input, candidate) = (new.sigmoid, new.tanh)
      return
    }
    guard let (a, b) = reader.pair(of: .add, behind: newCell) else { return nil }
    for (kept, added) in [(a, b), (b, a)] {
      guard let old = reader.gated(behind: kept), let new = reader.gatedTanh(behind: added),
        let forget = reader.operand(of: .sigmoid, behind: old.sigmoid)
      else { continue }
      (input, candidate) = (new.sigmoid, new.tanh)
      (self.forget, oldCell) = (forget, old.other)
      return
    }
    return nil
  }
}
