import ModelFormat
import Testing

@testable import Inference

@Suite struct AttentionFusionTests {
  /// Ways in which exporters write the same attention.
  struct Form: CustomTestStringConvertible {
    /// Keys times queries, turned afterwards (Keras' einsum).
    var swapsScores = false
    /// Keys transposed by the permutation that splits heads, rather than by the product's flag.
    var turnsKeys = false
    var scale: Float?
    var mask = false
    var testDescription: String { "\(swapsScores) \(turnsKeys) \(scale ?? 0) \(mask)" }
  }

  static let forms = [
    Form(), Form(turnsKeys: true), Form(swapsScores: true, turnsKeys: true),
    Form(turnsKeys: true, scale: 0.35),
  ]

  private let tokens = 6
  private let heads = 2
  private let size = 4

  private func projected(
    _ graph: inout Graph, _ x: TensorID, _ numbers: inout Numbers, int8: Bool = false
  ) -> TensorID {
    let w =
      int8
      ? graph.weights([8, 8], numbers.bytes(64), scales: (1...8).map { 0.001 * Float($0) })
      : graph.constant([8, 8], numbers.floats(64))
    let y = graph.node(
      .dense(activation: .none), [x, w, graph.constant([8], numbers.floats(8))], [1, tokens, 8])
    return graph.node(.reshape, [y], [1, tokens, heads, size])
  }

  private func network(_ form: Form, int8: Bool = false) -> Graph {
    var numbers = Numbers(state: 9)
    var graph = Graph(name: "attention")
    let x = graph.value([1, tokens, 8])
    let q = projected(&graph, x, &numbers, int8: int8)
    let k = projected(&graph, x, &numbers, int8: int8)
    let v = projected(&graph, x, &numbers, int8: int8)
    let apart = Operator.transpose(permutation: [0, 2, 1, 3])
    let turned = Operator.transpose(permutation: [0, 2, 3, 1])
    let (split, across) = ([1, heads, tokens, size], [1, heads, size, tokens])
    let first = form.swapsScores ? k : q
    let second = form.swapsScores ? q : k
    let a = graph.node(apart, [first], split)
    let b = graph.node(form.turnsKeys ? turned : apart, [second], form.turnsKeys ? across : split)
    let square = [1, heads, tokens, tokens]
    var scores = graph.node(
      .batchMatMul(transposeA: false, transposeB: !form.turnsKeys), [a, b], square)
    if let scale = form.scale {
      scores = graph.node(
        .binary(.multiply, activation: .none), [scores, graph.constant([], [scale])], square)
    }
    if form.swapsScores {
      scores = graph.node(.transpose(permutation: [0, 1, 3, 2]), [scores], square)
    }
    if form.mask {
      scores = graph.node(
        .binary(.add, activation: .none),
        [scores, graph.constant([tokens, tokens], numbers.floats(36))], square)
    }
    let weights = graph.node(.softmax(beta: 1), [scores], square)
    let values = graph.node(apart, [v], split)
    let mixed = graph.node(
      .batchMatMul(transposeA: false, transposeB: false), [weights, values], split)
    let together = graph.node(apart, [mixed], [1, tokens, heads, size])
    let y = graph.node(.reshape, [together], [1, tokens, 8])
    (graph.inputs, graph.outputs) = ([x], [y])
    return graph
  }

  @Test(arguments: forms) func becomesTwoSteps(_ form: Form) throws {
    let graph = network(form)
    #expect(try graph.fusedNames() == ["dense", "attention"])
    let (plain, fused) = try unfusedAndFused(graph)
    #expect(difference(plain, fused) < 1e-5)
  }

  /// One scale a row, whether rows are quantized once or three times.
  @Test func dynamicRangeProjectionsAreJoined() throws {
    let graph = network(Form(turnsKeys: true), int8: true)
    #expect(try graph.fusedNames() == ["dense", "attention"])
    let (plain, fused) = try unfusedAndFused(graph)
    #expect(difference(plain, fused) < 1e-5)
  }

  @Test func masksAreLeftAlone() throws {
    let graph = network(Form(mask: true))
    #expect(!(try graph.fusedNames().contains("attention")))
    let (plain, fused) = try unfusedAndFused(graph)
    #expect(difference(plain, fused) < 1e-5)
  }

  /// The transpose that brings heads together is another one: the heads would come out mixed up.
  @Test func anotherOrderOfHeadsIsLeftAlone() throws {
    var graph = network(Form(turnsKeys: true))
    let together = graph.nodes.count - 2
    graph.nodes[together].operation = .transpose(permutation: [0, 2, 3, 1])
    graph.tensors[graph.nodes[together].outputs[0].index].shape = [1, tokens, size, heads]
    #expect(!(try graph.fusedNames().contains("attention")))
    let (plain, fused) = try unfusedAndFused(graph)
    #expect(difference(plain, fused) < 1e-5)
  }

  /// Without heads: three axes, and nothing to bring together.
  @Test func oneHead() throws {
    var graph = Graph(name: "one head")
    let (q, k, v) = (graph.value([2, 3, 4]), graph.value([2, 5, 4]), graph.value([2, 5, 6]))
    let scores = graph.node(.batchMatMul(transposeA: false, transposeB: true), [q, k], [2, 3, 5])
    let weights = graph.node(.softmax(beta: 0.5), [scores], [2, 3, 5])
    let y = graph.node(
      .batchMatMul(transposeA: false, transposeB: false), [weights, v], [2, 3, 6])
    (graph.inputs, graph.outputs) = ([q, k, v], [y])
    #expect(try graph.fusedNames() == ["attention"])
    let (plain, fused) = try unfusedAndFused(graph)
    #expect(difference(plain, fused) < 1e-5)
  }
}
