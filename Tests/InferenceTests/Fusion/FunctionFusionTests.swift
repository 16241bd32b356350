import ModelFormat
import Testing

@testable import Inference

@Suite struct FunctionFusionTests {
  private struct Builder {
    var graph = Graph(name: "function")
    let x: TensorID

    init() { x = graph.value([3, 7]) }

    mutating func binary(_ kind: BinaryKind, _ a: TensorID, _ b: TensorID) -> TensorID {
      graph.node(.binary(kind, activation: .none), [a, b], [3, 7])
    }
    mutating func binary(_ kind: BinaryKind, _ a: TensorID, _ b: Float) -> TensorID {
      binary(kind, a, graph.constant([1], [b]))
    }
    mutating func unary(_ kind: UnaryKind, _ x: TensorID) -> TensorID {
      graph.node(.unary(kind), [x], [3, 7])
    }
    mutating func finish(_ y: TensorID) -> Graph {
      (graph.inputs, graph.outputs) = ([x], [y])
      return graph
    }
  }

  private static func gelu() -> Graph {
    var b = Builder()
    let error = b.unary(.erf, b.binary(.divide, b.x, 1.4142135))
    return b.finish(
      b.binary(.multiply, b.binary(.multiply, b.x, b.binary(.add, error, 1)), 0.5))
  }

  private static func geluTanh() -> Graph {
    var b = Builder()
    let cube = b.binary(.power, b.x, 3)
    let inner = b.binary(.add, b.x, b.binary(.multiply, cube, 0.044715))
    let tanh = b.unary(.tanh, b.binary(.multiply, inner, 0.79788456))
    return b.finish(
      b.binary(.multiply, b.binary(.multiply, b.x, 0.5), b.binary(.add, tanh, 1)))
  }

  private static func selu() -> Graph {
    var b = Builder()
    let below = b.binary(.multiply, b.unary(.elu, b.x), 1.6732632)
    let isPositive = b.binary(.greater, b.x, 0)
    let y = b.graph.node(.select, [isPositive, b.x, below], [3, 7])
    return b.finish(b.binary(.multiply, y, 1.0507010))
  }

  private static func silu() -> Graph {
    var b = Builder()
    return b.finish(b.binary(.multiply, b.x, b.unary(.sigmoid, b.x)))
  }

  private static func leaky() -> Graph {
    var b = Builder()
    return b.finish(b.binary(.maximum, b.x, b.binary(.multiply, b.x, 0.125)))
  }

  private static func hardSwish() -> Graph {
    var b = Builder()
    let gate = b.binary(.multiply, b.unary(.relu6, b.binary(.add, b.x, 3)), 1 / 6)
    return b.finish(b.binary(.multiply, gate, b.x))
  }

  static let functions: [(name: String, graph: Graph)] = [
    ("gelu", gelu()), ("geluTanh", geluTanh()), ("selu", selu()), ("silu", silu()),
    ("leakyReLU", leaky()), ("hardSwish", hardSwish()),
  ]

  @Test(arguments: functions) func isRecognized(name: String, graph: Graph) throws {
    #expect(try graph.fusedNames() == [name])
    let (plain, fused) = try unfusedAndFused(graph, scale: 6)
    #expect(difference(plain, fused) < 1e-5)
  }

  /// GELU with a constant that is a little off is another function.
  @Test func nearMissesStay() throws {
    var graph = Self.geluTanh()
    for index in graph.tensors.indices {
      guard let value = graph.floats(TensorID(index))?.first, value == 0.044715 else { continue }
      graph.tensors[index].data = [Float(0.05)].withUnsafeBytes { Array($0) }
    }
    #expect(try graph.fusedNames().count == 7)
    let (plain, fused) = try unfusedAndFused(graph, scale: 6)
    #expect(plain == fused)
  }

  /// Two inputs are no function of one.
  @Test func twoInputsStay() throws {
    var graph = Graph(name: "two")
    let (a, b) = (graph.value([4]), graph.value([4]))
    let gate = graph.node(.unary(.sigmoid), [a], [4])
    graph.outputs = [graph.node(.binary(.multiply, activation: .none), [b, gate], [4])]
    graph.inputs = [a, b]
    #expect(try graph.fusedNames() == ["sigmoid", "multiply"])
  }
}
