import Foundation
import ModelFormat
import Testing

@testable import Inference

/// Windows of random extents, strides, dilations and paddings, over 1 to 40 channels, in each arithmetic, against plain loops.
@Suite struct RandomWindowTests {
  @Test(arguments: 0..<40) func convolutions(seed: Int) throws {
    var c = RandomWindow(seed: seed, dilates: true)
    let outputs = c.numbers.int(1...40)
    let weights = c.weights([outputs, c.kernel.0, c.kernel.1, c.channels], outputs: outputs)
    let payload = Operator.convolution2D(c.convolution)
    let sum = { (o: Int, tap: Int, ch: Int) in (o * c.taps + tap) * c.channels + ch }
    let expected = c.expectation(outputs: outputs, weights) { o, read in
      (0..<c.taps).flatMap { tap in (0..<c.channels).map { (read(tap, $0), sum(o, tap, $0)) } }
    }
    try c.check(payload, weights, outputs: outputs, axis: 0, expected)
  }

  @Test(arguments: 0..<40) func depthwiseConvolutions(seed: Int) throws {
    var c = RandomWindow(seed: 100 + seed, dilates: seed.isMultiple(of: 3))
    let multiplier = seed.isMultiple(of: 4) ? c.numbers.int(2...4) : 1
    let outputs = c.channels * multiplier
    let weights = c.weights([1, c.kernel.0, c.kernel.1, outputs], outputs: outputs)
    let expected = c.expectation(outputs: outputs, weights) { o, read in
      (0..<c.taps).map { (read($0, o / multiplier), $0 * outputs + o) }
    }
    try c.check(
      .depthwiseConvolution2D(c.convolution), weights, outputs: outputs, axis: 3, expected,
      dynamicRounds: false)
  }

  @Test(arguments: 0..<40) func transposedConvolutions(seed: Int) throws {
    var c = RandomWindow(seed: 200 + seed, dilates: false)
    let outputs = c.numbers.int(1...40)
    // The window's own output is what is read, and its input what is written.
    let (read, written) = (c.output, c.input)
    c.input = read
    let weights = c.weights([outputs, c.kernel.0, c.kernel.1, c.channels], outputs: outputs)
    let expected = c.expectation(outputs: outputs, weights, over: written) { o, y, x in
      var terms: [(Int?, Int)] = []
      for iy in 0..<read.0 {
        for ix in 0..<read.1 {
          let (ky, kx) = (y + c.padding.top - iy * c.stride.0, x + c.padding.left - ix * c.stride.1)
          guard (0..<c.kernel.0).contains(ky), (0..<c.kernel.1).contains(kx) else { continue }
          for ch in 0..<c.channels {
            terms.append(
              (
                (iy * read.1 + ix) * c.channels + ch,
                (o * c.taps + ky * c.kernel.1 + kx) * c.channels + ch
              ))
          }
        }
      }
      return terms
    }
    let payload = TransposedConvolution2D(
      stride: c.convolution.stride, padding: c.padding, activation: .none)
    try c.check(
      .transposedConvolution2D(payload), weights, outputs: outputs, axis: 0, expected,
      over: written)
  }

  @Test(arguments: 0..<30) func pools(seed: Int) throws {
    var c = RandomWindow(seed: 300 + seed, dilates: false)
    let kind: Pool2D.Kind = seed.isMultiple(of: 2) ? .average : .maximum
    let scale = Quantization(scales: [0.05], zeroPoints: [3])
    let shapes = [
      [1, c.input.0, c.input.1, c.channels], [1, c.output.0, c.output.1, c.channels],
    ]
    let pool = Operator.pool2D(
      Pool2D(
        kind: kind, window: Extent2D(height: c.kernel.0, width: c.kernel.1),
        stride: c.convolution.stride, padding: c.padding, activation: .relu))

    var narrow = Graph(name: "pool")
    (narrow.inputs, narrow.outputs) = (
      [narrow.int8Value(shapes[0], scale)], [narrow.int8Value(shapes[1], scale)]
    )
    narrow.nodes = [
      Node(name: "pool", operation: pool, inputs: narrow.inputs, outputs: narrow.outputs)
    ]
    let bytes = c.numbers.bytes(c.input.0 * c.input.1 * c.channels)
    let levels = c.pooled(bytes) { inside in
      let sum = inside.reduce(0) { $0 + Int($1) }
      let half = sum > 0 ? inside.count / 2 : -(inside.count / 2)
      let value = kind == .average ? (sum + half) / inside.count : Int(inside.max() ?? 0)
      return Int8(max(value, 3))
    }
    var wide = Graph(name: "pool")
    let input = wide.value(shapes[0])
    (wide.inputs, wide.outputs) = ([input], [wide.node(pool, [input], shapes[1])])
    let floats = c.numbers.floats(bytes.count)
    let values = c.pooled(floats) { inside in
      let sum = inside.reduce(0.0) { $0 + Double($1) }
      return max(
        kind == .average ? Float(sum / Double(inside.count)) : inside.max() ?? .nan, 0)
    }
    for deviceClass in [DeviceClass.current, .generic] {
      #expect(try LoadedImage(narrow, for: deviceClass).runInt8(bytes) == levels)
      let ours = try run(wide, floats, for: deviceClass)
      // A maximum is one of the values; an average is rounded.
      #expect(kind == .maximum ? ours == values : difference(ours, values) < 1e-6)
    }
    for graph in [narrow, wide] { try expectSameBytesOnThreads(graph) }
  }
}
