import CKernels
import ModelFormat
import Testing

@testable import Inference

/// Steps that several threads share: the same bits for any number of threads.
@Suite struct SharedStepTests {
  private func outputs(_ graph: Graph, threads counts: [Int]) throws -> [[UInt8]] {
    let prepared = try ImageBuilder.prepare(graph, for: .current)
    let storage = BlobStorage(prepared.blobs)
    return try counts.map { threads in
      let interpreter = try Interpreter(
        prepared.image, blobs: storage.blobs, threads: threads, owner: storage,
        threshold: ThreadThreshold(all: 0))
      #expect(interpreter.threads == threads)
      var numbers = Numbers(state: 8)
      let input = interpreter.inputs.flatMap { input -> [UInt8] in
        input.type == .int8
          ? numbers.bytes(input.byteCount).map { UInt8(bitPattern: $0) }
          : numbers.floats(input.byteCount / 4).withUnsafeBytes { Array($0) }
      }
      var output = [UInt8](
        repeating: 0, count: interpreter.outputs.reduce(0) { $0 + $1.byteCount })
      for _ in 0..<3 { try interpreter.run(input: input, output: &output) }
      return output
    }
  }

  @Test func everyOperator() throws {
    let results = try outputs(EveryOperator.graph(), threads: [1, 2, 3, 7])
    #expect(results.allSatisfy { $0 == results[0] })
  }

  /// Copies by rows and by columns, several samples, rows that divide by nothing.
  @Test(arguments: 0..<30) func windows(seed: Int) throws {
    var c = RandomWindow(seed: 500 + seed, dilates: seed.isMultiple(of: 4))
    let (batch, outputs) = (c.numbers.int(1...2), c.numbers.int(1...40))
    // Every third one in int8, with int8 weights alone, and in float32.
    let (isInt8, isFloat) = (seed % 3 == 0, seed % 3 == 2)
    var graph = Graph(name: "windows")
    let scale = Quantization(scales: [0.05], zeroPoints: [3])
    func value(_ shape: [Int]) -> TensorID {
      isInt8 ? graph.int8Value(shape, scale) : graph.value(shape)
    }
    func step(_ operation: Operator, _ inputs: [TensorID?], _ shape: [Int]) -> TensorID {
      let output = value(shape)
      graph.nodes.append(
        Node(
          name: "node\(graph.nodes.count)", operation: operation, inputs: inputs,
          outputs: [output]))
      return output
    }
    func constant(_ weights: RandomWindow.Weights, axis: Int) -> TensorID {
      isFloat
        ? graph.constant(weights.shape, weights.values.map { Float($0) * 0.01 })
        : graph.weights(weights.shape, weights.values, scales: weights.scales, axis: axis)
    }
    let input = value([batch, c.input.0, c.input.1, c.channels])
    let shape = [batch, c.output.0, c.output.1]
    let dense = c.weights([outputs, c.kernel.0, c.kernel.1, c.channels], outputs: outputs)
    let each = c.weights([1, c.kernel.0, c.kernel.1, c.channels], outputs: c.channels)
    let kinds = [Pool2D.Kind.average, .maximum]
    let pool = Pool2D(
      kind: kinds[seed / 2 % 2], window: Extent2D(height: c.kernel.0, width: c.kernel.1),
      stride: c.convolution.stride, padding: c.padding, activation: .none)
    let one = step(
      .convolution2D(c.convolution), [input, constant(dense, axis: 0), nil], shape + [outputs])
    let other = step(
      .depthwiseConvolution2D(c.convolution), [input, constant(each, axis: 3), nil],
      shape + [c.channels])
    graph.inputs = [input]
    graph.outputs = [one, other]
    if c.dilation == (1, 1) {
      graph.outputs.append(step(.pool2D(pool), [input], shape + [c.channels]))
    }
    let results = try self.outputs(graph, threads: [1, 2, 3, 7])
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test(arguments: [(1, 16), (3, 100), (2, 133)])
  func integerLSTM(batch: Int, units: Int) throws {
    var numbers = Numbers(state: 34)
    for lstm in [LSTM(), LSTM(keepsState: true), LSTM(reversed: true)] {
      var graph = Graph(name: "lstm")
      let scale = Quantization(scales: [1 / 128], zeroPoints: [-3])
      let input = graph.int8Value([batch, 9, 11], scale)
      let output = graph.int8Value([batch, 9, units], scale)
      let scales = (0..<4 * units).map { 0.001 + Float($0) * 0.00001 }
      var layer = lstm
      layer.cell = QuantizedCell(exponent: -11, clip: 0)
      let weights = [11, units].map {
        graph.weights([4 * units, $0], numbers.bytes(4 * units * $0), scales: scales)
      }
      let bias = graph.indices([4 * units], (0..<4 * units).map { Int32($0 * 7 - 900) })
      graph.nodes = [
        Node(
          name: "lstm", operation: .lstm(layer), inputs: [input, weights[0], weights[1], bias],
          outputs: [output])
      ]
      (graph.inputs, graph.outputs) = ([input], [output])
      let results = try outputs(graph, threads: [1, 2, 3, 7])
      #expect(results.allSatisfy { $0 == results[0] })
      #expect(Set(results[0]).count > 8)
    }
  }
}
