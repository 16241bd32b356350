import ModelFormat

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
  /// Fused behind convolutions.
  var activation = Activation.relu
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
    activation = [.relu, .none, .relu6, .reluN1To1][seed / 5 % 4]
  }

  var convolution: Convolution2D {
    Convolution2D(
      stride: Extent2D(height: stride.0, width: stride.1),
      dilation: Extent2D(height: dilation.0, width: dilation.1), padding: padding,
      activation: activation)
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

  /// What `combine` makes of the elements that each position of a pool sees.
  func pooled<Element>(_ x: [Element], _ combine: ([Element]) -> Element) -> [Element] {
    var result: [Element] = []
    for y in 0..<output.0 {
      for column in 0..<output.1 {
        for channel in 0..<channels {
          result.append(
            combine((0..<taps).compactMap { position(y, column, $0, channel) }.map { x[$0] }))
        }
      }
    }
    return result
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
}
