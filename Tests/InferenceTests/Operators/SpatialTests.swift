import ModelFormat
import Testing

@testable import Inference

@Suite struct SpatialTests {
  @Test(arguments: [1, 2]) func depthwiseReadsItsOwnChannel(multiplier: Int) throws {
    var numbers = Numbers(state: 6)
    let (channels, outputs) = (11, 11 * multiplier)
    let x = numbers.floats(6 * 5 * channels)
    let w = numbers.floats(3 * 3 * outputs)
    let bias = numbers.floats(outputs)
    var graph = Graph(name: "depthwise")
    let input = graph.value([1, 6, 5, channels])
    let convolution = Convolution2D(
      stride: Extent2D(height: 2, width: 1), dilation: Extent2D(height: 1, width: 1),
      padding: Padding2D(top: 1, bottom: 1, left: 1, right: 1), activation: .relu6)
    let output = graph.node(
      .depthwiseConvolution2D(convolution),
      [input, graph.constant([1, 3, 3, outputs], w), graph.constant([outputs], bias)],
      [1, 3, 5, outputs])
    (graph.inputs, graph.outputs) = ([input], [output])
    // A full convolution whose weights are zero but for each output's own channel.
    var full = [Float](repeating: 0, count: outputs * 9 * channels)
    for o in 0..<outputs {
      for tap in 0..<9 { full[(o * 9 + tap) * channels + o / multiplier] = w[tap * outputs + o] }
    }
    let expected = Reference.convolution(
      .init(height: 6, width: 5, channels: channels, values: x), full, bias,
      .init(kernel: (3, 3), stride: (2, 1), top: 1, left: 1, output: (3, 5), channels: outputs)
    ).map { min(max($0, 0), 6) }
    #expect(difference(try run(graph, x), expected) < 1e-5)
    #expect(difference(try run(graph, x, for: .generic), expected) < 1e-5)
  }

  @Test func int8DepthwiseWeightsAreWidenedByTheirOwnScales() throws {
    var graph = Graph(name: "depthwise")
    let input = graph.value([1, 1, 1, 2])
    let convolution = Convolution2D(
      stride: Extent2D(height: 1, width: 1), dilation: Extent2D(height: 1, width: 1),
      padding: Padding2D(), activation: .none)
    let weights = graph.weights([1, 1, 1, 2], [100, -50], scales: [0.5, 0.25], axis: 3)
    let output = graph.node(
      .depthwiseConvolution2D(convolution), [input, weights, nil], [1, 1, 1, 2])
    (graph.inputs, graph.outputs) = ([input], [output])
    #expect(try run(graph, [0.1, 3]) == [5, -37.5])
  }

  @Test(arguments: [true, false]) func transposedConvolution(isInt8: Bool) throws {
    var numbers = Numbers(state: 7)
    let (inputs, outputs) = (5, 6)
    let x = numbers.floats(4 * 3 * inputs)
    let bytes = numbers.bytes(outputs * 6 * inputs)
    let scales = (0..<outputs).map { Float($0 + 1) * 0.002 }
    let w = bytes.indices.map { Float(bytes[$0]) * scales[$0 / (6 * inputs)] }
    let bias = numbers.floats(outputs)
    var graph = Graph(name: "transposed")
    let input = graph.value([1, 4, 3, inputs])
    let shape = [outputs, 3, 2, inputs]
    let weights =
      isInt8 ? graph.weights(shape, bytes, scales: scales) : graph.constant(shape, w)
    // 8 = 4 · 2 rows with "same" padding (one row of the 9 is cut off), 6 = (3 - 1) · 2 + 2 columns.
    let output = graph.node(
      .transposedConvolution2D(
        TransposedConvolution2D(
          stride: Extent2D(height: 2, width: 2), padding: Padding2D(top: 0, bottom: 1),
          activation: .none)),
      [input, weights, graph.constant([outputs], bias)], [1, 8, 6, outputs])
    (graph.inputs, graph.outputs) = ([input], [output])
    let values = isInt8 ? Reference.rounded(x, groupsOf: x.count) : x
    let expected = Reference.transposedConvolution(
      .init(height: 4, width: 3, channels: inputs, values: values), w, bias,
      .init(kernel: (3, 2), stride: (2, 2), output: (8, 6), channels: outputs))
    #expect(difference(try run(graph, x), expected) < 2e-5)
    #expect(difference(try run(graph, x, for: .armv7NEON), expected) < 2e-5)
  }

  @Test func averagesLeavePaddingOut() throws {
    var graph = Graph(name: "pool")
    let input = graph.value([1, 2, 3, 1])
    let pool = { (kind: Pool2D.Kind) in
      Pool2D(
        kind: kind, window: Extent2D(height: 2, width: 2), stride: Extent2D(height: 2, width: 2),
        padding: Padding2D(right: 1), activation: .none)
    }
    let average = graph.node(.pool2D(pool(.average)), [input], [1, 1, 2, 1])
    let maximum = graph.node(.pool2D(pool(.maximum)), [input], [1, 1, 2, 1])
    (graph.inputs, graph.outputs) = ([input], [average, maximum])
    #expect(try run(graph, [1, 2, -3, 5, 4, -7]) == [3, -5, 5, -3])
  }
}
