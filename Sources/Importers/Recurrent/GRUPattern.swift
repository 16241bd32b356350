internal import ModelFormat

/// The part of a GRU's step behind its gates:
///
///     h' = σ(z) · h + (1 - σ(z)) · tanh(n)
///
/// A first step from zero state has no σ(z) · h.
struct GRUPattern {
  /// The update gate and the candidate before their functions.
  var update: TensorID
  var candidate: TensorID
  var hidden: TensorID?

  init?(behind output: TensorID, _ reader: CellReader) {
    if let new = Self.new(behind: output, reader) {
      guard let update = reader.operand(of: .sigmoid, behind: new.sigmoid) else { return nil }
      (self.update, candidate) = (update, new.candidate)
      return
    }
    guard let (a, b) = reader.pair(of: .add, behind: output) else { return nil }
    for (kept, added) in [(a, b), (b, a)] {
      guard let new = Self.new(behind: added, reader),
        let (x, y) = reader.pair(of: .multiply, behind: kept),
        x == new.sigmoid || y == new.sigmoid,
        let update = reader.operand(of: .sigmoid, behind: new.sigmoid)
      else { continue }
      (self.update, candidate) = (update, new.candidate)
      hidden = x == new.sigmoid ? y : x
      return
    }
    return nil
  }

  /// `(1 - sigmoid) · tanh(candidate)`.
  private static func new(
    behind tensor: TensorID, _ reader: CellReader
  ) -> (sigmoid: TensorID, candidate: TensorID)? {
    guard let (a, b) = reader.pair(of: .multiply, behind: tensor) else { return nil }
    for (x, y) in [(a, b), (b, a)] {
      guard let (one, sigmoid) = reader.pair(of: .subtract, behind: x),
        let ones = reader.graph[one].floats, ones.allSatisfy({ $0 == 1 }),
        let candidate = reader.operand(of: .tanh, behind: y)
      else { continue }
      return (sigmoid, candidate)
    }
    return nil
  }
}
