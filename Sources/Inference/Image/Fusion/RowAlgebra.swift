internal import ModelFormat

/// The rules by which terms of one x combine.
struct RowAlgebra {
  private let graph: Graph
  private let x: TensorID
  private let count: Int
  /// The shape of one number a row.
  private let rows: Shape

  private enum Operand {
    case x
    case term(RowTerm)
    case constant([Float])
  }

  init(graph: Graph, x: TensorID) {
    (self.graph, self.x) = (graph, x)
    count = graph[x].shape.dimensions.last ?? 1
    var rows = graph[x].shape
    rows[rows.rank - 1] = 1
    self.rows = rows
  }

  func term(of node: Node, _ terms: [TensorID: RowTerm]) -> RowTerm? {
    guard let first = node.inputs.first, let first else { return nil }
    switch node.operation {
    case .unary(let kind):
      if first == x { return kind == .square ? .square : nil }
      guard let term = terms[first] else { return nil }
      return unary(kind, term)
    case .reduce(.mean, let axes, _):
      guard axes == [graph[first].shape.rank - 1] else { return nil }
      switch terms[first] {
      case .square: return .meanOfSquares
      case .squaredCentered: return .variance
      default: return nil
      }
    case .reshape:
      // Without kept dimensions, a mean gets its axis back by a reshape.
      guard graph[node.outputs[0]].shape == rows else { return nil }
      switch terms[first] {
      case .mean, .squaredMean, .meanOfSquares, .variance, .stabilized, .deviation:
        return terms[first]
      default: return nil
      }
    case .binary(let kind, .none):
      guard node.inputs.count == 2, let second = node.inputs[1],
        let a = operand(first, terms), let b = operand(second, terms)
      else { return nil }
      return combined(kind, a, b, shape: graph[node.outputs[0]].shape)
    default: return nil
    }
  }

  /// Operands have the shape of x, of one number a row, or are constants along the last axis.
  private func operand(_ id: TensorID, _ terms: [TensorID: RowTerm]) -> Operand? {
    if id == x { return .x }
    if let term = terms[id] {
      let shape = graph[id].shape
      return shape == rows || shape == graph[x].shape ? .term(term) : nil
    }
    return graph.lastAxisValues(id, count: count).map { .constant($0) }
  }

  private func unary(_ kind: UnaryKind, _ term: RowTerm) -> RowTerm? {
    switch (kind, term) {
    case (.negate, .mean(let sign)): .mean(sign: -sign)
    case (.square, .mean): .squaredMean
    case (.square, .centered): .squaredCentered
    // A variance from squares may come out negative by rounding.
    case (.relu, .variance): .variance
    case (.squareRoot, .stabilized(let epsilon)): .deviation(epsilon: epsilon)
    case (.reciprocalSquareRoot, .stabilized(let epsilon)): .inverse(.init(epsilon: epsilon))
    default: nil
    }
  }

  private func combined(
    _ kind: BinaryKind, _ a: Operand, _ b: Operand, shape: Shape
  ) -> RowTerm? {
    guard shape == rows || shape == graph[x].shape else { return nil }
    switch kind {
    case .add: return added(a, b) ?? added(b, a)
    case .subtract: return subtracted(a, b)
    case .multiply: return multiplied(a, b) ?? multiplied(b, a)
    case .divide: return divided(a, b)
    case .squaredDifference:
      switch (a, b) {
      case (.x, .term(.mean(sign: 1))), (.term(.mean(sign: 1)), .x): return .squaredCentered
      default: return nil
      }
    case .maximum:
      if case .term(.variance) = a, case .constant(let zero) = b, zero.allSatisfy({ $0 == 0 }) {
        return .variance
      }
      return nil
    case .power:
      guard case .constant(let exponent) = b, let first = exponent.first,
        exponent.allSatisfy({ $0 == first })
      else { return nil }
      return raised(a, to: first)
    default: return nil
    }
  }

  private func raised(_ base: Operand, to exponent: Float) -> RowTerm? {
    switch (base, exponent) {
    case (.x, 2): .square
    case (.term(let term), 2): unary(.square, term)
    case (.term(let term), 0.5): unary(.squareRoot, term)
    case (.term(let term), -0.5): unary(.reciprocalSquareRoot, term)
    default: nil
    }
  }

  private func added(_ a: Operand, _ b: Operand) -> RowTerm? {
    switch (a, b) {
    case (.x, .term(.mean(sign: -1))): return .centered
    case (.term(.variance), .constant(let epsilon)):
      guard let first = epsilon.first, first >= 0, epsilon.allSatisfy({ $0 == first }) else {
        return nil
      }
      return .stabilized(epsilon: first)
    case (.term(.offset(let form, let sign)), .constant(let c)):
      return .offset(shifted(form, by: c), sign: sign)
    case (.term(.normalized(let form)), .constant(let c)): return .normalized(shifted(form, by: c))
    case (.term(.scaled(let scaled)), .term(.offset(let offset, sign: -1))):
      return joined(scaled, offset)
    default: return nil
    }
  }

  private func subtracted(_ a: Operand, _ b: Operand) -> RowTerm? {
    switch (a, b) {
    case (.x, .term(.mean(sign: 1))): return .centered
    case (.term(.meanOfSquares), .term(.squaredMean)): return .variance
    case (.constant(let c), .term(.offset(let form, sign: 1))) where form.beta == nil:
      return .offset(shifted(form, by: c), sign: -1)
    case (.term(.scaled(let scaled)), .term(.offset(let offset, sign: 1)))
    where offset.beta == nil:
      return joined(scaled, offset)
    case (.term(.normalized(let form)), .constant(let c)):
      return .normalized(shifted(form, by: c.map { -$0 }))
    default: return nil
    }
  }

  private func multiplied(_ a: Operand, _ b: Operand) -> RowTerm? {
    switch (a, b) {
    case (.x, .x): return .square
    case (.term(.centered), .term(.centered)): return .squaredCentered
    case (.term(.mean(let first)), .term(.mean(let second))):
      return first == second ? .squaredMean : nil
    case (.x, .term(.inverse(let form))): return .scaled(form)
    case (.term(.mean(let sign)), .term(.inverse(let form))): return .offset(form, sign: sign)
    case (.term(.centered), .term(.inverse(let form))): return .normalized(form)
    case (.term(.inverse(let form)), .constant(let c)): return .inverse(scaled(form, by: c))
    case (.term(.scaled(let form)), .constant(let c)): return .scaled(scaled(form, by: c))
    case (.term(.normalized(let form)), .constant(let c)):
      return .normalized(scaled(form, by: c))
    default: return nil
    }
  }

  private func divided(_ a: Operand, _ b: Operand) -> RowTerm? {
    switch (a, b) {
    case (.term(.centered), .term(.deviation(let epsilon))):
      return .normalized(.init(epsilon: epsilon))
    case (.constant(let c), .term(.deviation(let epsilon))):
      return .inverse(scaled(.init(epsilon: epsilon), by: c))
    default: return nil
    }
  }

  private func joined(_ scaled: RowTerm.Form, _ offset: RowTerm.Form) -> RowTerm? {
    guard scaled.epsilon == offset.epsilon, scaled.gamma == offset.gamma else { return nil }
    return .normalized(offset)
  }

  private func scaled(_ form: RowTerm.Form, by factors: [Float]) -> RowTerm.Form {
    var form = form
    form.gamma = form.gamma.map { zip($0, factors).map { $0 * $1 } } ?? factors
    form.beta = form.beta.map { zip($0, factors).map { $0 * $1 } }
    return form
  }

  private func shifted(_ form: RowTerm.Form, by offsets: [Float]) -> RowTerm.Form {
    var form = form
    form.beta = form.beta.map { zip($0, offsets).map { $0 + $1 } } ?? offsets
    return form
  }
}
