import ModelFormat
import Testing

@testable import Inference

/// Scales, offsets and activations moved into operators with weights.
@Suite struct WeightFusionTests {
  private let one = Extent2D(height: 1, width: 1)

  private func network(
    _ operation: Operator, _ weights: Shape, int8: Bool = false, factors: [Float]? = nil
  ) -> Graph {
    var numbers = Numbers(state: 17)
    var graph = Graph(name: "weights")
    let x = graph.value([1, 4, 4, 4])
    let count = weights.elementCount ?? 0
    let w =
      int8
      ? graph.weights(weights.dimensions, numbers.bytes(count), scales: [0.01], axis: nil)
      : graph.constant(weights.dimensions, numbers.floats(count))
    var y = graph.node(operation, [x, w, graph.constant([4], numbers.floats(4))], [1, 4, 4, 4])
    let scale = graph.constant([4], factors ?? numbers.floats(4).map { abs($0) + 0.1 })
    y = graph.node(.binary(.multiply, activation: .none), [y, scale], [1, 4, 4, 4])
    y = graph.node(.reshape, [y], [1, 16, 4])
    y = graph.node(
      .binary(.subtract, activation: .none), [y, graph.constant([1, 1, 4], numbers.floats(4))],
      [1, 16, 4])
    y = graph.node(.unary(.relu), [y], [1, 16, 4])
    (graph.inputs, graph.outputs) = ([x], [y])
    return graph
  }

  private var convolution: Convolution2D {
    Convolution2D(
      stride: one, dilation: one, padding: Padding2D(top: 1, bottom: 1, left: 1, right: 1),
      activation: .none)
  }

  @Test func batchNormalizationAndActivation() throws {
    for (operation, weights) in [
      (.convolution2D(convolution), [4, 3, 3, 4]),
      (.depthwiseConvolution2D(convolution), [1, 3, 3, 4]),
      (.dense(activation: .none), [4, 4]),
    ] as [(Operator, Shape)] {
      let graph = network(operation, weights)
      #expect(try graph.fusedNames() == [operation.name])
      let (plain, fused) = try unfusedAndFused(graph)
      #expect(difference(plain, fused) < 1e-5)
    }
  }

  /// The scales of int8 weights take positive factors; the numbers stay what they are.
  @Test func int8WeightsKeepTheirValues() throws {
    let graph = network(.dense(activation: .none), [4, 4], int8: true)
    let fused = try graph.lowered(for: .current).folded().fused()
    #expect(try graph.fusedNames() == ["dense"])
    let node = try #require(fused.nodes.first { $0.operation.name == "dense" })
    let weights = fused[try #require(node.inputs[1])]
    #expect(weights.type == .int8 && weights.quantization?.scales.count == 4)
    let (a, b) = try unfusedAndFused(graph)
    #expect(difference(a, b) < 1e-5)
  }

  @Test func negativeFactorsOfInt8WeightsStay() throws {
    let graph = network(
      .dense(activation: .none), [4, 4], int8: true, factors: [1, -1, 2, 0])
    #expect(try graph.fusedNames().first == "dense")
    #expect(try graph.fusedNames().count == 3)
    let (a, b) = try unfusedAndFused(graph)
    #expect(difference(a, b) < 1e-5)
  }

  /// A layer whose result is read before the activation as well keeps the activation apart.
  @Test func sharedResultsStay() throws {
    var graph = Graph(name: "shared")
    let x = graph.value([2, 4])
    let w = graph.constant([4, 4], (0..<16).map { Float($0) - 8 })
    let y = graph.node(.dense(activation: .none), [x, w, nil], [2, 4])
    let active = graph.node(.unary(.relu), [y], [2, 4])
    let sum = graph.node(.binary(.add, activation: .none), [y, active], [2, 4])
    (graph.inputs, graph.outputs) = ([x], [sum])
    #expect(try graph.fusedNames() == ["dense", "relu", "add"])
    let (a, b) = try unfusedAndFused(graph)
    #expect(a == b)
  }

  @Test func idleMovesGo() throws {
    var graph = Graph(name: "idle")
    let x = graph.value([1, 3, 1, 4])
    let turned = graph.node(.transpose(permutation: [0, 3, 2, 1]), [x], [1, 4, 1, 3])
    let back = graph.node(.transpose(permutation: [0, 3, 2, 1]), [turned], [1, 3, 1, 4])
    let scaled = graph.node(
      .binary(.multiply, activation: .none), [back, graph.constant([1], [1])], [1, 3, 1, 4])
    let moved = graph.node(.transpose(permutation: [0, 2, 1, 3]), [scaled], [1, 1, 3, 4])
    let y = graph.node(.unary(.negate), [moved], [1, 1, 3, 4])
    (graph.inputs, graph.outputs) = ([x], [y])
    #expect(try graph.fusedNames() == ["negate"])
    let (a, b) = try unfusedAndFused(graph)
    #expect(a == b)
  }

  /// Integers round: nothing that computes in int8 is changed.
  @Test func int8StaysAsItIs() throws {
    var graph = Graph(name: "int8")
    let half = Quantization(scales: [0.5], zeroPoints: [3])
    func value(_ shape: Shape) -> Tensor {
      Tensor(name: "q", shape: shape, type: .int8, quantization: half)
    }
    let x = graph.add(value([2, 4]))
    var constant = value([4])
    constant.data = [5, 5, 5, 5]
    let c = graph.add(constant)
    let y = graph.add(value([2, 4]))
    let z = graph.add(value([2, 4]))
    graph.nodes = [
      Node(
        name: "scale", operation: .binary(.multiply, activation: .none), inputs: [x, c],
        outputs: [y]),
      Node(name: "relu", operation: .unary(.relu), inputs: [y], outputs: [z]),
    ]
    (graph.inputs, graph.outputs) = ([x], [z])
    #expect(try graph.fused() == graph)
  }
}
