import ModelFormat
import Testing

@testable import Compression

@Suite("Passes")
struct PassTests {
  /// A dense layer of 32 to 40 and one of 40 to 3, with biases, and a constant added in between.
  private func graph(weights: (Int) -> Float = { Float($0 % 17) / 8 - 1 }) -> Graph {
    var graph = Graph(name: "small")
    func constant(_ name: String, _ shape: Shape, _ value: (Int) -> Float) -> TensorID {
      let values = (0..<shape.elementCount!).map(value)
      return graph.add(
        Tensor(name: name, shape: shape, type: .float32, data: values.littleEndianBytes))
    }
    func value(_ name: String, _ shape: Shape) -> TensorID {
      graph.add(Tensor(name: name, shape: shape, type: .float32))
    }
    let x = value("x", [1, 32])
    let w = constant("w", [40, 32], weights)
    let b = constant("b", [40]) { Float($0) }
    let h = value("h", [1, 40])
    let shift = constant("shift", [40]) { _ in 0.25 }
    let s = value("s", [1, 40])
    let w2 = constant("w2", [3, 40]) { Float($0) / 100 }
    let y = value("y", [1, 3])
    graph.nodes = [
      Node(name: "first", operation: .dense(activation: .relu), inputs: [x, w, b], outputs: [h]),
      Node(
        name: "add", operation: .binary(.add, activation: .none), inputs: [h, shift], outputs: [s]),
      Node(name: "last", operation: .dense(activation: .none), inputs: [s, w2, nil], outputs: [y]),
    ]
    graph.inputs = [x]
    graph.outputs = [y]
    return graph
  }

  private func tensor(_ name: String, of graph: Graph) throws -> Tensor {
    try #require(graph.tensors.first { $0.name == name })
  }

  @Test("float16 halves weights and leaves biases and operands alone")
  func halves() throws {
    let original = graph()
    let result = try Recipe(parsing: "float16").apply(to: original)
    #expect(try tensor("w", of: result).type == .float16)
    #expect(try tensor("w", of: result).data?.count == 40 * 32 * 2)
    #expect(try tensor("b", of: result) == tensor("b", of: original))
    #expect(try tensor("shift", of: result) == tensor("shift", of: original))
    // These weights are multiples of 1/8: nothing is lost.
    #expect(try Recipe(parsing: "float32").apply(to: result).tensors[1] == original.tensors[1])
  }

  @Test("int4 takes the weights of dense layers in blocks, and gives them back to float32")
  func blocks() throws {
    let original = graph()
    let result = try Recipe(parsing: "int4").apply(to: original)
    let weights = try tensor("w", of: result)
    #expect(weights.type == .int4 && weights.data?.count == 40 * 20)
    // Too small, and no weights.
    #expect(try tensor("w2", of: result).type == .float32)
    #expect(try tensor("shift", of: result) == tensor("shift", of: original))
    let back = try tensor("w", of: Recipe(parsing: "float32").apply(to: result)).floats()
    for (value, other) in zip(try tensor("w", of: original).floats(), back) {
      // Half a step; or what the largest lose to a smaller scale.
      #expect(abs(value - other) <= 0.11)
    }
    #expect(throws: CompressionError.self) {
      try BlockInt4().apply(to: graph { $0 == 5 ? .nan : 1 })
    }
  }

  @Test("The scale of a block clips where that costs less")
  func scales() {
    #expect(BlockInt4.scale(of: [Float](repeating: 0, count: 32)) == 1)
    #expect(BlockInt4.scale(of: [7, -3, 2]) == 1)
    var block = [Float](repeating: 1, count: 31)
    block.append(8.6)
    #expect(BlockInt4.scale(of: block) < 8.6 / 7)
  }

  @Test("float16 keeps what it cannot hold, and refuses what is no number")
  func overflow() throws {
    let large = try HalfWeights().apply(to: graph { $0 == 5 ? 70000 : 1 })
    #expect(try tensor("w", of: large).type == .float32)
    #expect(try tensor("w2", of: large).type == .float16)
    for bad in [Float.nan, .infinity] {
      let broken = graph { $0 == 5 ? bad : 1 }
      for pass in [HalfWeights(), DynamicRangeInt8()] as [any Pass] {
        #expect(throws: CompressionError.notFinite(tensor: "w", element: 5)) {
          try pass.apply(to: broken)
        }
      }
    }
  }

  @Test("dynamic-int8 follows its formula channel by channel")
  func int8() throws {
    // Channel 0 is all zeros, channel 1 tiny, the others ramps of different height.
    let original = graph { index in
      let channel = index / 32
      if channel == 0 { return 0 }
      if channel == 1 { return (index % 2 == 0 ? 8 : -8) * Float.leastNonzeroMagnitude }
      return Float(channel) * (Float(index % 32) - 16) / 16
    }
    let result = try DynamicRangeInt8().apply(to: original)
    try result.validate()
    let weights = try tensor("w", of: result)
    let quantization = try #require(weights.quantization)
    #expect(weights.type == .int8)
    #expect(quantization.axis == 0)
    #expect(quantization.scales.count == 40)
    #expect(quantization.zeroPoints.allSatisfy { $0 == 0 })
    let levels = try #require(weights.data).map { Int(Int8(bitPattern: $0)) }
    #expect(levels[..<64].allSatisfy { $0 == 0 })
    #expect(levels.min() == -127)
    let before = try tensor("w", of: original).floats()
    let after = try weights.floats()
    for index in 64..<before.count {
      let step = quantization.scales[index / 32]
      #expect(abs(before[index] - after[index]) <= step / 2 * 1.0001)
    }
    // Half away from zero: 0.5 and -0.5 of a step.
    let rounded = DynamicRangeInt8.quantize([127, 0.5, -0.5, 2.5], channels: 1, inner: 4)
    #expect(rounded.bytes.map { Int8(bitPattern: $0) } == [127, 1, -1, 3])
  }

  @Test("Weights below the limit stay float, and the limit can be moved")
  func limit() throws {
    let usual = try Recipe(parsing: "dynamic-int8").apply(to: graph())
    #expect(try tensor("w2", of: usual).type == .float32)
    let all = try Recipe(parsing: "dynamic-int8(from: 1)").apply(to: graph())
    #expect(try tensor("w2", of: all).type == .int8)
  }

  @Test("A tensor that is also an operand elsewhere keeps its type")
  func sharedConstants() throws {
    var shared = graph()
    let y = shared.add(Tensor(name: "z", shape: [40, 32], type: .float32))
    shared.nodes.append(
      Node(name: "other", operation: .unary(.relu), inputs: [TensorID(1)], outputs: [y]))
    shared.outputs.append(y)
    #expect(try tensor("w", of: DynamicRangeInt8().apply(to: shared)).type == .float32)
  }

  @Test("Recurrent, convolution and depthwise weights are quantized along their channels")
  func otherOperators() throws {
    var graph = Graph(name: "mixed")
    func constant(_ shape: Shape) -> TensorID {
      let values = (0..<shape.elementCount!).map { Float($0 % 7) }
      return graph.add(
        Tensor(name: "w", shape: shape, type: .float32, data: values.littleEndianBytes))
    }
    func value(_ shape: Shape) -> TensorID {
      graph.add(Tensor(name: "v", shape: shape, type: .float32))
    }
    let one = Extent2D(height: 1, width: 1)
    let plain = Convolution2D(stride: one, dilation: one, padding: Padding2D(), activation: .none)
    let (x, image) = (value([1, 4, 8]), value([1, 9, 9, 128]))
    let (w, r) = (constant([64, 8]), constant([64, 16]))
    let (depthwise, full) = (constant([1, 3, 3, 128]), constant([8, 3, 3, 128]))
    let (h, d, c) = (value([1, 4, 16]), value([1, 7, 7, 128]), value([1, 7, 7, 8]))
    graph.nodes = [
      Node(name: "lstm", operation: .lstm(LSTM()), inputs: [x, w, r, nil], outputs: [h]),
      Node(
        name: "dw", operation: .depthwiseConvolution2D(plain), inputs: [image, depthwise, nil],
        outputs: [d]),
      Node(
        name: "conv", operation: .convolution2D(plain), inputs: [image, full, nil], outputs: [c]),
    ]
    graph.inputs = [x, image]
    graph.outputs = [h, d, c]
    let result = try Recipe(parsing: "dynamic-int8").apply(to: graph)
    #expect(result[w].type == .float32)
    #expect(result[r].quantization?.axis == 0 && result[r].quantization?.scales.count == 64)
    #expect(
      result[depthwise].quantization?.axis == 3
        && result[depthwise].quantization?.scales.count == 128)
    #expect(result[full].quantization?.scales.count == 8)
  }

  @Test("The same graph and recipe give the same bytes", arguments: ["float16", "dynamic-int8"])
  func determinism(_ text: String) throws {
    let recipe = try Recipe(parsing: text)
    #expect(try recipe.apply(to: graph()) == recipe.apply(to: graph()))
    let once = try recipe.apply(to: graph())
    #expect(try recipe.apply(to: once) == once)
  }
}
