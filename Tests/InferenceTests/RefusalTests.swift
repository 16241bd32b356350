import ModelFormat
import Testing

@testable import Inference

/// What cannot run is refused before anything runs, and the error names the layer and the tensor.
struct RefusalTests {
  struct Flaw: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// The words that the message must hold.
    var names: [String]
    var graph: Graph
  }

  static let flaws: [Flaw] = [
    flaw("weights of another depth", ["node0", "constant1"]) { graph, x in
      graph.node(
        .dense(activation: .none), [x, graph.constant([4, 5], zeros(20)), nil], [1, 4])
    },
    flaw("an output of another shape", ["node0", "value1"]) { graph, x in
      graph.node(.unary(.relu), [x], [1, 7])
    },
    flaw("operands that do not broadcast", ["node0"]) { graph, x in
      graph.node(.binary(.add, activation: .none), [x, graph.constant([4], zeros(4))], [1, 6])
    },
    flaw("an extent of zero", ["value1"]) { graph, x in
      graph.node(.slice(begin: [0, 0], strides: [1, 1]), [x], [1, 0])
    },
    flaw("an extent beyond what is addressed", ["value1"]) { graph, x in
      graph.node(.tile(multiples: [1 << 25, 1]), [x], [1 << 25, 6])
    },
    flaw("a tensor beyond the memory of a Pi", ["node0", "value1"]) { graph, x in
      graph.node(.tile(multiples: [1 << 24, 1]), [x], [1 << 24, 6])
    },
    flaw("more working memory than there is", ["graph", "working memory"]) { graph, x in
      let shape = [1 << 23, 6]
      let wide = graph.node(.tile(multiples: [1 << 23, 1]), [x], shape)
      let other = graph.node(.unary(.relu), [wide], shape)
      let third = graph.node(.unary(.tanh), [wide], shape)
      let sum = graph.node(.binary(.add, activation: .none), [other, third], shape)
      return graph.node(.binary(.add, activation: .none), [sum, wide], shape)
    },
    flaw("a function without an int8 kernel", ["node1", "power"]) { graph, x in
      let scale = Quantization(scales: [0.1], zeroPoints: [0])
      func quantized(_ name: String) -> TensorID {
        graph.add(Tensor(name: name, shape: [1, 6], type: .int8, quantization: scale))
      }
      let (narrow, power) = (quantized("narrow"), quantized("power"))
      graph.nodes.append(
        Node(name: "node0", operation: .quantize, inputs: [x], outputs: [narrow]))
      graph.nodes.append(
        Node(
          name: "node1", operation: .binary(.power, activation: .none), inputs: [narrow, narrow],
          outputs: [power]))
      return power
    },
  ]

  @Test(arguments: flaws) func isNamed(_ flaw: Flaw) {
    for deviceClass in DeviceClass.allCases {
      let error = #expect(throws: InferenceError.self) {
        try ImageBuilder.image(of: flaw.graph, for: deviceClass)
      }
      for name in flaw.names {
        #expect(error?.description.contains(name) ?? false, "\(error?.description ?? "")")
      }
    }
  }

  @Test func numbersThatAreNoneAreFoundWhereverTheyStand() throws {
    var graph = Graph(name: "graph")
    let inputs = [graph.value([1, 5], "first"), graph.value([1, 5], "second")]
    let output = graph.node(.binary(.add, activation: .none), inputs, [1, 5])
    (graph.inputs, graph.outputs) = (inputs, [output])
    let image = try LoadedImage(graph)
    for (value, place) in [(Float.nan, 0), (.infinity, 4), (-.infinity, 5), (-.nan, 9)] {
      var input = [Float](repeating: 1, count: 10)
      input[place] = value
      let tensor = graph[inputs[place / 5]].name
      #expect(throws: InferenceError.notFinite(tensor: tensor, position: place % 5)) {
        try image.run(input)
      }
    }
    for count in [0, 9, 11] {
      let size = InferenceError.inputSize(tensor: "first0", expected: 40, actual: 4 * count)
      #expect(throws: size) { try image.run([Float](repeating: 0, count: count)) }
    }
    #expect(try image.run([Float](repeating: 1, count: 10)) == [2, 2, 2, 2, 2])
  }

  private static func flaw(
    _ name: String, _ names: [String], _ build: (inout Graph, TensorID) -> TensorID
  ) -> Flaw {
    var graph = Graph(name: "graph")
    let input = graph.value([1, 6], "input")
    let output = build(&graph, input)
    (graph.inputs, graph.outputs) = ([input], [output])
    return Flaw(testDescription: name, names: names, graph: graph)
  }

  private static func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }
}
