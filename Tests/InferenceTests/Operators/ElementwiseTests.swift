import Foundation
import ModelFormat
import Testing

@testable import Inference

@Suite struct ElementwiseTests {
  /// The function of each kind, from its definition.
  private func function(_ kind: UnaryKind, _ x: Double) -> Double {
    switch kind {
    case .relu: max(x, 0)
    case .relu6: min(max(x, 0), 6)
    case .reluN1To1: min(max(x, -1), 1)
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .negate: -x
    case .absolute: abs(x)
    case .exponential: exp(x)
    case .logarithm: log(x)
    case .squareRoot: x.squareRoot()
    case .reciprocalSquareRoot: 1 / x.squareRoot()
    case .square: x * x
    case .elu: x < 0 ? exp(x) - 1 : x
    case .hardSwish: x * min(max(x + 3, 0), 6) / 6
    case .gelu: x * 0.5 * (1 + erf(x / 2.0.squareRoot()))
    case .selu:
      1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (exp(x) - 1))
    case .silu: x / (1 + exp(-x))
    case .erf: erf(x)
    case .geluTanh: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }
  }

  @Test(arguments: UnaryKind.allCases) func unary(kind: UnaryKind) throws {
    let isPositive = [.logarithm, .squareRoot, .reciprocalSquareRoot].contains(kind)
    let x = (0..<101).map { Float($0) * 0.1 - (isPositive ? -0.1 : 5) }
    var graph = Graph(name: "unary")
    let input = graph.value([101])
    let output = graph.node(.unary(kind), [input], [101])
    (graph.inputs, graph.outputs) = ([input], [output])
    let result = try run(graph, x)
    for index in x.indices {
      let expected = function(kind, Double(x[index]))
      #expect(abs(Double(result[index]) - expected) < 1e-6 * max(1, abs(expected)))
    }
  }

  private func function(_ kind: BinaryKind, _ l: Float, _ r: Float) -> Float {
    switch kind {
    case .add: l + r
    case .subtract: l - r
    case .multiply: l * r
    case .divide: l / r
    case .minimum: min(l, r)
    case .maximum: max(l, r)
    case .squaredDifference: (l - r) * (l - r)
    case .power: pow(l, r)
    case .prelu: l < 0 ? l * r : l
    case .equal: l == r ? 1 : 0
    case .notEqual: l != r ? 1 : 0
    case .less: l < r ? 1 : 0
    case .lessOrEqual: l <= r ? 1 : 0
    case .greater: l > r ? 1 : 0
    case .greaterOrEqual: l >= r ? 1 : 0
    }
  }

  /// Shapes as LayerNorm, bias and scalars need them.
  @Test(arguments: [
    ([2, 3, 4], [2, 3, 4]), ([2, 3, 4], [4]), ([2, 3, 4], [2, 3, 1]), ([2, 1, 4], [3, 1]),
    ([1], [2, 2]), ([2, 3, 4], []),
  ])
  func broadcasting(a: [Int], b: [Int]) throws {
    let rank = max(a.count, b.count)
    let (wideA, wideB) = (
      [Int](repeating: 1, count: rank - a.count) + a, [Int](repeating: 1, count: rank - b.count) + b
    )
    let shape = zip(wideA, wideB).map { max($0, $1) }
    var numbers = Numbers(state: 11)
    let left = numbers.floats(a.reduce(1, *)).map { abs($0) + 0.5 }
    let right = numbers.floats(b.reduce(1, *)).map { abs($0) + 0.5 }
    func position(_ index: Int, in extents: [Int]) -> Int {
      var (rest, position, stride) = (index, 0, 1)
      for axis in (0..<rank).reversed() {
        let coordinate = rest % shape[axis]
        rest /= shape[axis]
        position += (extents[axis] == 1 ? 0 : coordinate) * stride
        stride *= extents[axis]
      }
      return position
    }
    for kind in BinaryKind.allCases {
      var graph = Graph(name: "binary")
      let (x, y) = (graph.value(a), graph.value(b))
      let output = graph.node(.binary(kind, activation: .relu), [x, y], shape)
      (graph.inputs, graph.outputs) = ([x, y], [output])
      let expected = (0..<shape.reduce(1, *)).map { index -> Float in
        let l = left[position(index, in: wideA)]
        let r = right[position(index, in: wideB)]
        let value = function(kind, l, r)
        return max(value, 0)
      }
      #expect(difference(try run(graph, left + right), expected) == 0)
    }
  }

  @Test func quantizingAndBack() throws {
    var graph = Graph(name: "quantize")
    let input = graph.value([2, 3])
    let quantized = graph.add(
      Tensor(
        name: "q", shape: [2, 3], type: .int8,
        quantization: Quantization(scales: [0.5], zeroPoints: [3])))
    graph.nodes.append(
      Node(name: "quantize", operation: .quantize, inputs: [input], outputs: [quantized]))
    let output = graph.node(.dequantize, [quantized], [2, 3])
    (graph.inputs, graph.outputs) = ([input], [output])
    // 0.25 and -0.25 are halfway: away from zero. The last two saturate at 127 - 3 and -128 - 3.
    #expect(try run(graph, [1, 0.25, -0.25, -1.6, 100, -100]) == [1, 0.5, -0.5, -1.5, 62, -65.5])
  }
}
