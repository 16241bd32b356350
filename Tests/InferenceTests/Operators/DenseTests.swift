import ModelFormat
import Testing

@testable import Inference

@Suite struct DenseTests {
  @Test(arguments: [(1, 3, 5), (1, 130, 67), (7, 17, 9), (64, 48, 128)])
  func floatWeights(rows: Int, n: Int, k: Int) throws {
    var numbers = Numbers(state: 1)
    let (x, w, b) = (numbers.floats(rows * k), numbers.floats(n * k), numbers.floats(n))
    var graph = Graph(name: "dense")
    let input = graph.value([rows, k])
    let output = graph.node(
      .dense(activation: .relu), [input, graph.constant([n, k], w), graph.constant([n], b)],
      [rows, n])
    (graph.inputs, graph.outputs) = ([input], [output])
    let expected = Reference.dense(x: x, w: w, bias: b, n: n, k: k).map { max($0, 0) }
    for deviceClass in DeviceClass.allCases {
      #expect(difference(try run(graph, x, for: deviceClass), expected) < 2e-5)
    }
  }

  @Test(arguments: [(1, 3, 5), (5, 33, 40), (64, 48, 128)])
  func int8WeightsQuantizeEachRow(rows: Int, n: Int, k: Int) throws {
    var numbers = Numbers(state: 2)
    let (x, w, b) = (numbers.floats(rows * k, scale: 3), numbers.bytes(n * k), numbers.floats(n))
    let scales = numbers.floats(n).map { abs($0) * 0.01 + 0.001 }
    var graph = Graph(name: "dense")
    let input = graph.value([rows, k])
    let output = graph.node(
      .dense(activation: .none),
      [input, graph.weights([n, k], w, scales: scales), graph.constant([n], b)], [rows, n])
    (graph.inputs, graph.outputs) = ([input], [output])
    let wide = w.indices.map { Float(w[$0]) * scales[$0 / k] }
    let expected = Reference.dense(
      x: Reference.rounded(x, groupsOf: k), w: wide, bias: b, n: n, k: k)
    let results = try DeviceClass.allCases.map { try run(graph, x, for: $0) }
    #expect(difference(results[0], expected) < 1e-3)
    // The integer sums are exact and the rest is never contracted: every layout gives the same bits.
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func weightsThatNoInt8KernelTakesAreWidened() throws {
    var graph = Graph(name: "dense")
    let input = graph.value([1, 2])
    let weights = graph.weights([2, 2], [-128, 1, 2, 3], scales: [0.5], axis: nil)
    let output = graph.node(.dense(activation: .none), [input, weights, nil], [1, 2])
    (graph.inputs, graph.outputs) = ([input], [output])
    #expect(try run(graph, [1, 0.3]) == [-64 + 0.15, 1 + 0.45])
  }

  @Test func float16WeightsAreWidened() throws {
    var graph = Graph(name: "dense")
    let input = graph.value([1, 2])
    // 1.5 and -0.25 in binary16.
    let weights = graph.add(
      Tensor(name: "w", shape: [1, 2], type: .float16, data: [0x00, 0x3e, 0x00, 0xb4]))
    let output = graph.node(.dense(activation: .none), [input, weights, nil], [1, 1])
    (graph.inputs, graph.outputs) = ([input], [output])
    #expect(try run(graph, [2, 8]) == [1])
  }

  /// Large enough that every class but the scalar ones widens in the kernel.
  @Test(arguments: [1, 3, 9]) func largeFloat16WeightsStayHalves(rows: Int) throws {
    let (n, k) = (260, 280)
    var numbers = Numbers(state: 3)
    let (x, b) = (numbers.floats(rows * k), numbers.floats(n))
    let halves = numbers.floats(n * k).map { Binary16.bits($0) }
    var graph = Graph(name: "dense")
    let input = graph.value([rows, k])
    let weights = graph.add(
      Tensor(
        name: "w", shape: [n, k], type: .float16,
        data: halves.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }))
    let output = graph.node(
      .dense(activation: .none), [input, weights, graph.constant([n], b)], [rows, n])
    (graph.inputs, graph.outputs) = ([input], [output])
    let expected = Reference.dense(x: x, w: halves.map(Binary16.number), bias: b, n: n, k: k)
    var sizes: [DeviceClass: Int] = [:]
    for deviceClass in DeviceClass.allCases {
      sizes[deviceClass] = try ImageBuilder.image(of: graph, for: deviceClass).count
      #expect(difference(try run(graph, x, for: deviceClass), expected) < 5e-5)
    }
    let wide = try #require(sizes[.generic])
    for deviceClass in [DeviceClass.armv7NEON, .aarch64NEON, .x86AVX2] {
      #expect(try #require(sizes[deviceClass]) < wide - n * k)
    }
  }

  @Test(arguments: [(1, 3, 5), (5, 33, 40), (64, 48, 128)])
  func int4WeightsQuantizeEachRow(rows: Int, n: Int, k: Int) throws {
    var numbers = Numbers(state: 2)
    let (x, b) = (numbers.floats(rows * k, scale: 3), numbers.floats(n))
    let blocks = Int4Blocks.count(for: k)
    let levels = (0..<n * k).map { _ in Int8(numbers.int(-7...7)) }
    let scales = numbers.floats(n * blocks).map { abs($0) * 0.01 + 0.001 }
    var data: [UInt8] = []
    for block in 0..<n * blocks {
      let start = block / blocks * k + block % blocks * 32
      let end = min(start + 32, (block / blocks + 1) * k)
      Int4Blocks.append(Array(levels[start..<end]), scale: scales[block], to: &data)
    }
    var graph = Graph(name: "dense")
    let input = graph.value([rows, k])
    let weights = graph.add(Tensor(name: "w", shape: [n, k], type: .int4, data: data))
    let output = graph.node(
      .dense(activation: .none), [input, weights, graph.constant([n], b)], [rows, n])
    (graph.inputs, graph.outputs) = ([input], [output])
    let wide = levels.indices.map { Float(levels[$0]) * scales[$0 / k * blocks + $0 % k / 32] }
    #expect(Int4Blocks.floats(data, run: k) == wide)
    let expected = Reference.dense(
      x: Reference.rounded(x, groupsOf: k), w: wide, bias: b, n: n, k: k)
    let results = try DeviceClass.allCases.map { try run(graph, x, for: $0) }
    #expect(difference(results[0], expected) < 1e-3)
    #expect(results.allSatisfy { $0 == results[0] })

    // Eight below zero is no value, and other operators do not take blocks.
    graph[weights].data?[4] = 0
    #expect(throws: InferenceError.self) { try run(graph, x) }
    graph[weights].data = data.dropLast()
    #expect(throws: InferenceError.self) { try run(graph, x) }
    var moved = Graph(name: "moved")
    let blocksOf = moved.add(Tensor(name: "w", shape: [n, k], type: .int4, data: data))
    let first = moved.value([n, k])
    let sum = moved.node(.binary(.add, activation: .none), [first, blocksOf], [n, k])
    (moved.inputs, moved.outputs) = ([first], [sum])
    #expect(throws: GraphError.self) { try moved.validate() }
  }

  @Test func activationsBehindTheProduct() throws {
    for (activation, expected) in [
      (Activation.none, -2 as Float), (.relu, 0), (.relu6, 0), (.reluN1To1, -1),
      (.tanh, -0.9640276), (.sigmoid, 0.1192029),
    ] {
      var graph = Graph(name: "dense")
      let input = graph.value([1, 1])
      let output = graph.node(
        .dense(activation: activation), [input, graph.constant([1, 1], [-2]), nil], [1, 1])
      (graph.inputs, graph.outputs) = ([input], [output])
      #expect(difference(try run(graph, [1]), [expected]) < 1e-6)
    }
  }
}
