import Foundation
import ModelFormat
import Testing

@testable import Inference

extension RandomWindow {
  mutating func checkInt8(
    _ operation: Operator, _ weights: Weights, axis: Int, _ expected: Expectation,
    _ shapes: [[Int]]
  ) throws {
    let x = numbers.bytes(input.0 * input.1 * channels)
    let (xScale, yScale): (Float, Float) = (0.02, 0.11)
    let (xZero, yZero): (Int32, Int32) = (
      Int32(numbers.int(-128...127)), Int32(numbers.int(-90...90))
    )
    var graph = Graph(name: "window")
    let input = graph.int8Value(shapes[0], Quantization(scales: [xScale], zeroPoints: [xZero]))
    let w = graph.weights(weights.shape, weights.values, scales: weights.scales, axis: axis)
    let bias = graph.indices([expected.outputs], weights.bias)
    let y = graph.int8Value(shapes[1], Quantization(scales: [yScale], zeroPoints: [yZero]))
    graph.nodes = [
      Node(name: "window", operation: operation, inputs: [input, w, bias], outputs: [y])
    ]
    (graph.inputs, graph.outputs) = ([input], [y])
    let bounds = activation.bounds
    func level(_ bound: Float, otherwise extreme: Int64) -> Int64 {
      guard bound.isFinite else { return extreme }
      let level = Int64((bound / yScale).rounded(.toNearestOrAwayFromZero)) + Int64(yZero)
      return min(max(level, -128), 127)
    }
    let (low, high) = (level(bounds.low, otherwise: -128), level(bounds.high, otherwise: 127))
    let values = expected.terms.indices.map { index in
      let o = index % expected.outputs
      var sum = Int64(weights.bias[o])
      for case (let from?, let weight) in expected.terms[index] {
        sum += (Int64(x[from]) - Int64(xZero)) * Int64(weights.values[weight])
      }
      let real = Double(xScale) * Double(weights.scales[o]) / Double(yScale)
      let value = Self.requantized(sum, real) + Int64(yZero)
      return Int8(min(max(value, low), high))
    }
    for deviceClass in DeviceClass.allCases {
      #expect(try LoadedImage(graph, for: deviceClass).runInt8(x) == values)
    }
    try expectSameBytesOnThreads(graph)
  }

  /// TFLite's two roundings.
  private static func requantized(_ sum: Int64, _ real: Double) -> Int64 {
    let (fraction, exponent) = frexp(real)
    let multiplier = Int64((fraction * 2_147_483_648).rounded())
    let product = (sum << Int64(max(exponent, 0))) * multiplier
    let nudge: Int64 = product >= 0 ? 1 << 30 : 1 - (1 << 30)
    let high = (product + nudge) / (1 << 31)
    let divisor = Double(Int64(1) << Int64(max(-exponent, 0)))
    return Int64((Double(high) / divisor).rounded(.toNearestOrAwayFromZero))
  }
}

extension Graph {
  mutating func int8Value(_ shape: [Int], _ quantization: Quantization) -> TensorID {
    add(
      Tensor(
        name: "int8 \(tensors.count)", shape: Shape(shape), type: .int8, quantization: quantization)
    )
  }
}

extension LoadedImage {
  func runInt8(_ input: [Int8]) throws -> [Int8] {
    var output = [UInt8](repeating: 0, count: interpreter.outputs.reduce(0) { $0 + $1.byteCount })
    try interpreter.run(input: input.map { UInt8(bitPattern: $0) }, output: &output)
    return output.map { Int8(bitPattern: $0) }
  }
}
