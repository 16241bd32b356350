import ModelFormat
import Testing

@testable import Inference

@Suite struct LayerNormalizationFusionTests {
  enum Form: CaseIterable {
    /// `x · (r · g) + (b + (-m) · (r · g))`: Keras through TensorFlow Lite's converter.
    case factored
    /// The same with `b - m · (r · g)`.
    case subtracted
    /// `(x - m) · r · g + b`, the variance from `(x - m) · (x - m)`.
    case centered
    /// `(x - m) / √(v + e) · g + b`, the variance from a power, as ONNX exporters write it.
    case divided
    /// `mean(x²) - m²`, kept from being negative.
    case squares
    /// Means without their axis, given back by reshapes.
    case reshaped
    /// No gamma and no beta.
    case plain
  }

  private struct Builder {
    var graph = Graph(name: "norm")
    let shape = [2, 5, 12]
    let rows = [2, 5, 1]
    var numbers = Numbers(state: 8)

    mutating func binary(_ kind: BinaryKind, _ a: TensorID, _ b: TensorID) -> TensorID {
      let isFull = graph[a].shape.elementCount == 120 || graph[b].shape.elementCount == 120
      let widens = graph[a].shape == [1, 1, 12] || graph[b].shape == [1, 1, 12]
      return graph.node(.binary(kind, activation: .none), [a, b], isFull || widens ? shape : rows)
    }

    mutating func unary(_ kind: UnaryKind, _ x: TensorID) -> TensorID {
      graph.node(.unary(kind), [x], graph[x].shape.dimensions)
    }

    mutating func mean(_ x: TensorID, axis: Int = 2, keeps: Bool = true) -> TensorID {
      var result = graph[x].shape.dimensions
      if keeps { result[axis] = 1 } else { result.remove(at: axis) }
      let mean = graph.node(.reduce(.mean, axes: [axis], keepDimensions: keeps), [x], result)
      return keeps ? mean : graph.node(.reshape, [mean], rows)
    }

    mutating func number(_ value: Float) -> TensorID { graph.constant([], [value]) }
    mutating func vector() -> TensorID { graph.constant([1, 1, 12], numbers.floats(12)) }
  }

  private func network(_ form: Form, axis: Int = 2) -> Graph {
    var b = Builder()
    let x = b.graph.value(b.shape)
    let m = b.mean(x, axis: axis, keeps: form != .reshaped)
    let (gamma, beta, epsilon) = (b.vector(), b.vector(), b.number(0.01))
    var y: TensorID
    switch form {
    case .factored, .subtracted, .reshaped:
      let v = b.mean(b.binary(.squaredDifference, x, m), keeps: form != .reshaped)
      let r = b.unary(.reciprocalSquareRoot, b.binary(.add, v, epsilon))
      let factor = b.binary(.multiply, r, gamma)
      if form == .subtracted {
        let offset = b.binary(.subtract, beta, b.binary(.multiply, m, factor))
        y = b.binary(.add, b.binary(.multiply, x, factor), offset)
      } else {
        let offset = b.binary(.add, b.binary(.multiply, b.unary(.negate, m), factor), beta)
        y = b.binary(.add, b.binary(.multiply, x, factor), offset)
      }
    case .centered, .plain:
      let d = b.binary(.subtract, x, m)
      let v = b.mean(b.binary(.multiply, d, d))
      let r = b.unary(.reciprocalSquareRoot, b.binary(.add, v, epsilon))
      y = b.binary(.multiply, d, r)
      if form == .centered { y = b.binary(.add, b.binary(.multiply, y, gamma), beta) }
    case .divided:
      let d = b.binary(.subtract, x, m)
      let v = b.mean(b.binary(.power, d, b.number(2)))
      y = b.binary(.divide, d, b.unary(.squareRoot, b.binary(.add, v, epsilon)))
      y = b.binary(.add, b.binary(.multiply, gamma, y), beta)
    case .squares:
      let v = b.binary(.subtract, b.mean(b.unary(.square, x)), b.binary(.multiply, m, m))
      let r = b.unary(.reciprocalSquareRoot, b.binary(.add, b.unary(.relu, v), epsilon))
      y = b.binary(.multiply, b.binary(.subtract, x, m), r)
      y = b.binary(.add, b.binary(.multiply, y, gamma), beta)
    }
    (b.graph.inputs, b.graph.outputs) = ([x], [y])
    return b.graph
  }

  @Test(arguments: Form.allCases) func everyFormBecomesOneStep(_ form: Form) throws {
    let graph = network(form)
    #expect(try graph.fusedNames() == ["layerNormalization"])
    let (plain, fused) = try unfusedAndFused(graph)
    #expect(difference(plain, fused) < 1e-5)
  }

  /// A mean over another axis than the variance's, a biased power, and a value that the graph gives out.
  @Test func nearMissesStay() throws {
    var graph = Graph(name: "near")
    let x = graph.value([1, 12, 12])
    let m = graph.node(.reduce(.mean, axes: [1], keepDimensions: true), [x], [1, 1, 12])
    let d = graph.node(.binary(.squaredDifference, activation: .none), [x, m], [1, 12, 12])
    let v = graph.node(.reduce(.mean, axes: [2], keepDimensions: true), [d], [1, 12, 1])
    let r = graph.node(.unary(.reciprocalSquareRoot), [v], [1, 12, 1])
    let c = graph.node(.binary(.subtract, activation: .none), [x, m], [1, 12, 12])
    let y = graph.node(.binary(.multiply, activation: .none), [c, r], [1, 12, 12])
    (graph.inputs, graph.outputs) = ([x], [y])
    #expect(!(try graph.fusedNames().contains("layerNormalization")))
    let (plain, fused) = try unfusedAndFused(graph)
    #expect(plain == fused)
  }

  /// The variance is an output as well: it stays computed beside the fused step.
  @Test func whatElseIsReadStays() throws {
    var graph = network(.centered)
    let variance = try #require(
      graph.nodes.lastIndex { if case .reduce = $0.operation { true } else { false } })
    graph.outputs.append(graph.nodes[variance].outputs[0])
    let names = try graph.fusedNames()
    #expect(names.contains("layerNormalization") && names.filter { $0 == "mean" }.count == 2)
    let (plain, fused) = try unfusedAndFused(graph)
    #expect(difference(plain, fused) < 1e-5)
  }
}
