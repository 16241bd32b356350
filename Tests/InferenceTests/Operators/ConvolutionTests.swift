import ModelFormat
import Testing

@testable import Inference

@Suite struct ConvolutionTests {
  /// Input extents, channels, kernel, stride, dilation, padding, outputs.
  struct Case: Sendable {
    var input: (Int, Int, Int)
    var kernel: (Int, Int)
    var stride = (1, 1)
    var dilation = (1, 1)
    var padding = Padding2D()
    var outputs: Int

    var output: (height: Int, width: Int) {
      let spanY = (kernel.0 - 1) * dilation.0 + 1
      let spanX = (kernel.1 - 1) * dilation.1 + 1
      return (
        (input.0 + padding.top + padding.bottom - spanY) / stride.0 + 1,
        (input.1 + padding.left + padding.right - spanX) / stride.1 + 1
      )
    }
  }

  /// Each way of turning patches into rows: pixel by pixel, along one axis with and without padding, gathered.
  static let cases = [
    Case(input: (5, 4, 3), kernel: (1, 1), outputs: 7),
    Case(input: (5, 4, 3), kernel: (1, 1), stride: (2, 2), outputs: 4),
    Case(input: (1, 20, 6), kernel: (1, 5), outputs: 17),
    Case(
      input: (1, 21, 6), kernel: (1, 5), stride: (1, 2),
      padding: Padding2D(left: 2, right: 1), outputs: 5),
    Case(input: (20, 1, 6), kernel: (3, 1), padding: Padding2D(top: 1, bottom: 1), outputs: 9),
    Case(input: (1, 20, 2), kernel: (1, 3), dilation: (1, 2), outputs: 3),
    Case(
      input: (9, 11, 5), kernel: (3, 2), stride: (2, 1),
      padding: Padding2D(top: 1, bottom: 0, left: 0, right: 1), outputs: 33),
    Case(input: (12, 12, 1), kernel: (3, 3), dilation: (2, 3), outputs: 8),
  ]

  private func graph(_ c: Case, weights: (inout Graph) -> TensorID, bias: [Float]) -> Graph {
    var graph = Graph(name: "convolution")
    let input = graph.value([1, c.input.0, c.input.1, c.input.2])
    let convolution = Convolution2D(
      stride: Extent2D(height: c.stride.0, width: c.stride.1),
      dilation: Extent2D(height: c.dilation.0, width: c.dilation.1), padding: c.padding,
      activation: .none)
    let w = weights(&graph)
    let output = graph.node(
      .convolution2D(convolution), [input, w, graph.constant([c.outputs], bias)],
      [1, c.output.height, c.output.width, c.outputs])
    (graph.inputs, graph.outputs) = ([input], [output])
    return graph
  }

  private func reference(_ c: Case, _ x: [Float], _ w: [Float], _ bias: [Float]) -> [Float] {
    Reference.convolution(
      .init(height: c.input.0, width: c.input.1, channels: c.input.2, values: x), w, bias,
      .init(
        kernel: c.kernel, stride: c.stride, dilation: c.dilation, top: c.padding.top,
        left: c.padding.left, output: c.output, channels: c.outputs))
  }

  @Test(arguments: cases.indices) func floatWeights(index: Int) throws {
    let c = Self.cases[index]
    var numbers = Numbers(state: 3)
    let x = numbers.floats(c.input.0 * c.input.1 * c.input.2)
    let shape = [c.outputs, c.kernel.0, c.kernel.1, c.input.2]
    let w = numbers.floats(shape.reduce(1, *))
    let bias = numbers.floats(c.outputs)
    let graph = graph(c, weights: { $0.constant(shape, w) }, bias: bias)
    let expected = reference(c, x, w, bias)
    for deviceClass in [DeviceClass.current, .generic] {
      #expect(difference(try run(graph, x, for: deviceClass), expected) < 1e-5)
    }
  }

  @Test(arguments: cases.indices) func int8WeightsQuantizeTheSample(index: Int) throws {
    let c = Self.cases[index]
    var numbers = Numbers(state: 4)
    let x = numbers.floats(c.input.0 * c.input.1 * c.input.2)
    let shape = [c.outputs, c.kernel.0, c.kernel.1, c.input.2]
    let count = shape.reduce(1, *)
    let w = numbers.bytes(count)
    let scales = numbers.floats(c.outputs).map { abs($0) * 0.01 + 0.001 }
    let bias = numbers.floats(c.outputs)
    let graph = graph(c, weights: { $0.weights(shape, w, scales: scales) }, bias: bias)
    let wide = w.indices.map { Float(w[$0]) * scales[$0 / (count / c.outputs)] }
    let expected = reference(c, Reference.rounded(x, groupsOf: x.count), wide, bias)
    let results = try DeviceClass.allCases.map { try run(graph, x, for: $0) }
    #expect(difference(results[0], expected) < 2e-4)
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func batchesAreIndependent() throws {
    var numbers = Numbers(state: 5)
    let w = numbers.floats(2 * 9 * 3)
    let x = numbers.floats(2 * 16 * 3)
    func graph(batch: Int) -> Graph {
      var graph = Graph(name: "convolution")
      let input = graph.value([batch, 4, 4, 3])
      let convolution = Convolution2D(
        stride: Extent2D(height: 1, width: 1), dilation: Extent2D(height: 1, width: 1),
        padding: Padding2D(), activation: .relu)
      let output = graph.node(
        .convolution2D(convolution), [input, graph.constant([2, 3, 3, 3], w), nil],
        [batch, 2, 2, 2])
      (graph.inputs, graph.outputs) = ([input], [output])
      return graph
    }
    let both = try run(graph(batch: 2), x)
    #expect(
      both == (try run(graph(batch: 1), Array(x[..<48])))
        + (try run(graph(batch: 1), Array(x[48...]))))
  }
}
