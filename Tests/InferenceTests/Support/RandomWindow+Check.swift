import Foundation
import ModelFormat
import Testing

@testable import Inference

extension RandomWindow {
  /// Runs the node in float32, with float16 weights, in dynamic-range int8 and in full int8; alone, in a batch and on
  /// several threads.
  mutating func check(
    _ operation: Operator, _ weights: Weights, outputs: Int, axis: Int, _ expected: Expectation,
    over extent: (Int, Int)? = nil, dynamicRounds: Bool = true
  ) throws {
    let extent = extent ?? output
    let shapes = [[1, input.0, input.1, channels], [1, extent.0, extent.1, outputs]]
    if case .transposedConvolution2D = operation { activation = .none }
    let bounds = activation.bounds
    let perOutput = { (index: Int) in
      axis == 0 ? index / (weights.values.count / outputs) : index % outputs
    }
    let wide = weights.values.indices.map {
      Float(weights.values[$0]) * weights.scales[perOutput($0)]
    }
    let x = numbers.floats(input.0 * input.1 * channels)
    let bias = numbers.floats(outputs)

    func float(_ x: [Float]) -> [Float] {
      expected.terms.indices.map { index in
        var sum = Double(bias[index % outputs])
        for (from, weight) in expected.terms[index] {
          if let from { sum += Double(x[from]) * Double(wide[weight]) }
        }
        return min(max(Float(sum), bounds.low), bounds.high)
      }
    }
    func graph(batch: Int = 1, _ addWeights: (inout Graph) -> TensorID) -> Graph {
      var graph = Graph(name: "window")
      let input = graph.value([batch] + shapes[0].dropFirst())
      let w = addWeights(&graph)
      let y = graph.node(
        operation, [input, w, graph.constant([outputs], bias)], [batch] + shapes[1].dropFirst())
      (graph.inputs, graph.outputs) = ([input], [y])
      return graph
    }
    let plain = graph { $0.constant(weights.shape, wide) }
    let dynamic = graph {
      $0.weights(weights.shape, weights.values, scales: weights.scales, axis: axis)
    }
    let halves = graph { graph in
      let data = wide.map(Binary16.bits).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      return graph.add(
        Tensor(name: "halves", shape: Shape(weights.shape), type: .float16, data: data))
    }
    let rounded = dynamicRounds ? Reference.rounded(x, groupsOf: x.count) : x
    let (exact, quantized) = (float(x), float(rounded))
    // A half has eleven bits, and every product may lose half of the last one.
    let reach = expected.terms.map(\.count).max() ?? 0
    let largest = wide.map(abs).max() ?? 0
    for deviceClass in [DeviceClass.current, .generic] {
      let alone = try run(plain, x, for: deviceClass)
      #expect(difference(alone, exact) < 1e-4)
      #expect(
        difference(try run(halves, x, for: deviceClass), exact)
          < largest * Float(reach) / 2048 + 1e-4)
      #expect(difference(try run(dynamic, x, for: deviceClass), quantized) < 1e-3)
      // A second sample, the first one's negative, changes nothing about it but how sums are rounded: rows of a
      // product are taken together in another way.
      let pair = graph(batch: 2) { $0.constant(weights.shape, wide) }
      let both = try run(pair, x + x.map { -$0 }, for: deviceClass)
      #expect(difference(Array(both.prefix(alone.count)), alone) < 2e-5)
      #expect(difference(Array(both.dropFirst(alone.count)), float(x.map { -$0 })) < 1e-4)
    }
    for graph in [plain, dynamic] { try expectSameBytesOnThreads(graph) }
    try checkInt8(operation, weights, axis: axis, expected, shapes)
  }
}
