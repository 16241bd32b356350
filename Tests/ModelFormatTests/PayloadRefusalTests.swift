import ModelFormat
import Testing

/// Payloads that would read or write beyond a tensor, or ask for more than a machine has.
@Suite struct PayloadRefusalTests {
  static let hostile: [(Operator, Shape, Shape)] = [
    (.slice(begin: [0], strides: [0]), [4], [4]),
    (.slice(begin: [1], strides: [1]), [4], [4]),
    (.slice(begin: [-1], strides: [1]), [4], [4]),
    (.slice(begin: [3], strides: [-1]), [4], [5]),
    (.slice(begin: [3], strides: [.min]), [4], [2]),
    (.slice(begin: [.max], strides: [.max]), [4], [2]),
    (.slice(begin: [0, 0], strides: [1, 1]), [4], [4]),
    (.tile(multiples: [.max]), [4], [4]), (.tile(multiples: [0]), [4], [4]),
    (.tile(multiples: []), [4], [4]),
    (.pad(before: [-1], after: [1]), [4], [4]), (.pad(before: [.max], after: [.max]), [4], [4]),
    (.reduce(.sum, axes: [1], keepDimensions: true), [4], [4]),
    (.reduce(.sum, axes: [-1], keepDimensions: true), [4], [1]),
    (.reduce(.sum, axes: [1, 0], keepDimensions: false), [4, 4], []),
    (.reduce(.sum, axes: [0, 0], keepDimensions: false), [4, 4], [4]),
    (.reduce(.sum, axes: [], keepDimensions: false), [4], [4]),
    (.concatenate(axis: 1), [4], [4]), (.concatenate(axis: -1), [4], [4]),
    (.softmax(beta: .nan), [4], [4]), (.softmax(beta: 0), [4], [4]), (.softmax(beta: 1), [], []),
    (.transpose(permutation: [0, 5]), [2, 2], [2, 2]), (.reshape, [4], [5]),
    (.quantize, [4], [4]), (.dequantize, [4], [4]),
  ]

  @Test(arguments: hostile) func refuses(_ operation: Operator, _ x: Shape, _ y: Shape) {
    let graph = GraphBuilder.one(operation, x, gives: y)
    #expect(throws: GraphError.self) { try graph.validate() }
  }

  @Test(arguments: [
    Pool2D(
      kind: .average, window: Extent2D(height: 2, width: 2), stride: Extent2D(height: 0, width: 1),
      padding: Padding2D(), activation: .none),
    Pool2D(
      kind: .average, window: Extent2D(height: 0, width: 2), stride: Extent2D(height: 1, width: 1),
      padding: Padding2D(), activation: .none),
    Pool2D(
      kind: .average, window: Extent2D(height: 5, width: 2), stride: Extent2D(height: 1, width: 1),
      padding: Padding2D(), activation: .none),
    // A window of padding alone would divide by nothing.
    Pool2D(
      kind: .average, window: Extent2D(height: 2, width: 2), stride: Extent2D(height: 2, width: 2),
      padding: Padding2D(top: 2), activation: .none),
    Pool2D(
      kind: .maximum, window: Extent2D(height: .max, width: .max),
      stride: Extent2D(height: .max, width: .max),
      padding: Padding2D(top: .max, bottom: .max, left: .max, right: .max), activation: .none),
    Pool2D(
      kind: .maximum, window: Extent2D(height: 2, width: 2), stride: Extent2D(height: 2, width: 2),
      padding: Padding2D(left: -1), activation: .none),
  ])
  func refusesPools(_ pool: Pool2D) {
    let graph = GraphBuilder.one(.pool2D(pool), [1, 4, 4, 1], gives: [1, 2, 2, 1])
    #expect(throws: GraphError.self) { try graph.validate() }
  }

  @Test func constantIndicesStayInside() throws {
    func graph(_ index: [UInt8]) -> Graph {
      var b = GraphBuilder()
      let x = b.input([4])
      b.node(.gather(axis: 0), [x, b.constant([1], .int32, data: index)], gives: [1])
      return b.graph
    }
    try graph([3, 0, 0, 0]).validate()
    #expect(throws: GraphError.self) { try graph([4, 0, 0, 0]).validate() }
    #expect(throws: GraphError.self) { try graph([255, 255, 255, 255]).validate() }
  }

  @Test func tensorsAreChecked() {
    func refused(_ change: (inout Tensor) -> Void) {
      var graph = GraphSamples.wide
      change(&graph.tensors[1])
      #expect(throws: GraphError.self) { try graph.validate() }
    }
    refused { $0.data!.removeLast() }
    refused { $0.data!.append(0) }
    refused { $0.shape = [0, 300] }
    refused { $0.shape = [-1, 300] }
    refused { $0.shape = [.max, .max] }
    refused { $0.shape = Shape([Int](repeating: 1, count: 9)) }
    refused { $0.quantization = nil }
    refused { $0.quantization!.axis = 1 }
    refused { $0.quantization!.axis = 2 }
    refused { $0.quantization!.axis = nil }
    refused { $0.quantization!.scales[3] = 0 }
    refused { $0.quantization!.scales[3] = .infinity }
    refused { $0.quantization!.scales[3] = .nan }
    refused { $0.quantization!.scales.removeLast() }
    refused { $0.quantization!.zeroPoints[0] = 1 }
    refused { $0.quantization!.zeroPoints.removeLast() }
    refused { $0.type = .float32 }
    var graph = GraphSamples.quantized
    graph.tensors[1].quantization!.zeroPoints = [128]
    #expect(throws: GraphError.self) { try graph.validate() }
    graph = GraphSamples.elementwise
    graph.tensors[2].type = .float16
    #expect(throws: GraphError.self, "a float16 value at run time") { try graph.validate() }
  }

  @Test func typesDoNotMix() {
    var graph = GraphSamples.quantized
    graph.tensors[3].type = .float32
    graph.tensors[3].quantization = nil
    #expect(throws: GraphError.self, "float bias under int8") { try graph.validate() }
    graph = GraphSamples.layers(.float32, nil)
    graph.tensors[0].type = .int32
    #expect(throws: GraphError.self, "int32 activations") { try graph.validate() }
  }
}
