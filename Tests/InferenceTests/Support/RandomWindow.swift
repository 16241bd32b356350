import Foundation
import ModelFormat
import Testing

@testable import Inference

/// A window over an image, and what a convolution over it must give in each arithmetic.
struct RandomWindow {
  var numbers: Numbers
  var input: (Int, Int)
  var channels: Int
  var kernel: (Int, Int)
  var stride: (Int, Int)
  var dilation = (1, 1)
  var padding = Padding2D()
  var taps: Int { kernel.0 * kernel.1 }

  init(seed: Int, dilates: Bool) {
    numbers = Numbers(state: UInt32(truncatingIfNeeded: seed &* 7919 + 11))
    channels = numbers.int(1...40)
    let shape = seed % 5
    kernel = (shape == 1 ? 1 : numbers.int(1...5), shape == 2 ? 1 : numbers.int(1...5))
    if shape == 3 { kernel = (3, 3) }
    stride = (numbers.int(1...3), numbers.int(1...3))
    if dilates { dilation = (numbers.int(1...2), numbers.int(1...2)) }
    let span = ((kernel.0 - 1) * dilation.0 + 1, (kernel.1 - 1) * dilation.1 + 1)
    padding.top = numbers.int(0...span.0 - 1)
    padding.bottom = numbers.int(0...span.0 - 1)
    padding.left = numbers.int(0...span.1 - 1)
    padding.right = numbers.int(0...span.1 - 1)
    input = (span.0 + numbers.int(0...6), span.1 + numbers.int(0...6))
    if shape == 1 && kernel.0 == 1 { input.0 = 1 }
  }

  var convolution: Convolution2D {
    Convolution2D(
      stride: Extent2D(height: stride.0, width: stride.1),
      dilation: Extent2D(height: dilation.0, width: dilation.1), padding: padding,
      activation: .relu)
  }

  var output: (Int, Int) {
    let span = ((kernel.0 - 1) * dilation.0 + 1, (kernel.1 - 1) * dilation.1 + 1)
    return (
      (input.0 + padding.top + padding.bottom - span.0) / stride.0 + 1,
      (input.1 + padding.left + padding.right - span.1) / stride.1 + 1
    )
  }

  /// The element of the input that an output reads at a tap; `nil` around it.
  func position(_ y: Int, _ x: Int, _ tap: Int, _ channel: Int) -> Int? {
    let row = y * stride.0 + tap / kernel.1 * dilation.0 - padding.top
    let column = x * stride.1 + tap % kernel.1 * dilation.1 - padding.left
    guard (0..<input.0).contains(row), (0..<input.1).contains(column) else { return nil }
    return (row * input.1 + column) * channels + channel
  }

  struct Weights {
    var shape: [Int]
    var values: [Int8]
    var scales: [Float]
    var bias: [Int32]
  }

  mutating func weights(_ shape: [Int], outputs: Int) -> Weights {
    Weights(
      shape: shape, values: numbers.bytes(shape.reduce(1, *)),
      scales: numbers.floats(outputs).map { abs($0) * 0.01 + 0.001 },
      bias: numbers.bytes(outputs).map { Int32($0) * 30 })
  }

  /// What each output adds up: elements of the input and of the weights.
  struct Expectation {
    var terms: [[(Int?, Int)]]
    var outputs: Int
  }

  func expectation(
    outputs: Int, _ weights: Weights,
    _ terms: (_ o: Int, _ read: (Int, Int) -> Int?) -> [(Int?, Int)]
  ) -> Expectation {
    expectation(outputs: outputs, weights, over: output) { o, y, x in
      terms(o) { position(y, x, $0, $1) }
    }
  }

  func expectation(
    outputs: Int, _ weights: Weights, over extent: (Int, Int),
    _ terms: (_ o: Int, _ y: Int, _ x: Int) -> [(Int?, Int)]
  ) -> Expectation {
    var all: [[(Int?, Int)]] = []
    for y in 0..<extent.0 {
      for x in 0..<extent.1 { for o in 0..<outputs { all.append(terms(o, y, x)) } }
    }
    return Expectation(terms: all, outputs: outputs)
  }

  /// Runs the node in float32, dynamic-range int8 and full int8.
  mutating func check(
    _ operation: Operator, _ weights: Weights, outputs: Int, axis: Int, _ expected: Expectation,
    over extent: (Int, Int)? = nil, dynamicRounds: Bool = true
  ) throws {
    let extent = extent ?? output
    let shapes = [[1, input.0, input.1, channels], [1, extent.0, extent.1, outputs]]
    let clamps = if case .transposedConvolution2D = operation { false } else { true }
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
        return Float(clamps ? max(sum, 0) : sum)
      }
    }
    func graph(_ addWeights: (inout Graph) -> TensorID) -> Graph {
      var graph = Graph(name: "window")
      let input = graph.value(shapes[0])
      let w = addWeights(&graph)
      let y = graph.node(operation, [input, w, graph.constant([outputs], bias)], shapes[1])
      (graph.inputs, graph.outputs) = ([input], [y])
      return graph
    }
    let plain = graph { $0.constant(weights.shape, wide) }
    let dynamic = graph {
      $0.weights(weights.shape, weights.values, scales: weights.scales, axis: axis)
    }
    let rounded = dynamicRounds ? Reference.rounded(x, groupsOf: x.count) : x
    for deviceClass in [DeviceClass.current, .generic] {
      #expect(difference(try run(plain, x, for: deviceClass), float(x)) < 1e-4)
      #expect(difference(try run(dynamic, x, for: deviceClass), float(rounded)) < 1e-3)
    }
    try checkInt8(operation, weights, axis: axis, expected, shapes, clamps: clamps)
  }

  private mutating func checkInt8(
    _ operation: Operator, _ weights: Weights, axis: Int, _ expected: Expectation,
    _ shapes: [[Int]], clamps: Bool
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
    let values = expected.terms.indices.map { index in
      let o = index % expected.outputs
      var sum = Int64(weights.bias[o])
      for case (let from?, let weight) in expected.terms[index] {
        sum += (Int64(x[from]) - Int64(xZero)) * Int64(weights.values[weight])
      }
      let real = Double(xScale) * Double(weights.scales[o]) / Double(yScale)
      let value = Self.requantized(sum, real) + Int64(yZero)
      return Int8(min(max(value, clamps ? Int64(yZero) : -128), 127))
    }
    for deviceClass in DeviceClass.allCases {
      #expect(try LoadedImage(graph, for: deviceClass).runInt8(x) == values)
    }
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
