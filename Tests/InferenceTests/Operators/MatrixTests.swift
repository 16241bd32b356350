import ModelFormat
import Testing

@testable import Inference

@Suite struct MatrixTests {
  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func batchedProducts(transposeA: Bool, transposeB: Bool) throws {
    var numbers = Numbers(state: 9)
    let (m, n, k) = (7, 18, 5)
    let (a, b) = (numbers.floats(2 * 3 * m * k), numbers.floats(3 * k * n))
    var graph = Graph(name: "matmul")
    let left = graph.value(transposeA ? [2, 3, k, m] : [2, 3, m, k])
    let right = graph.value(transposeB ? [1, 3, n, k] : [1, 3, k, n])
    let output = graph.node(
      .batchMatMul(transposeA: transposeA, transposeB: transposeB), [left, right], [2, 3, m, n])
    (graph.inputs, graph.outputs) = ([left, right], [output])
    var expected: [Float] = []
    for batch in 0..<6 {
      for row in 0..<m {
        for column in 0..<n {
          var sum = 0.0
          for i in 0..<k {
            let x = a[batch * m * k + (transposeA ? i * m + row : row * k + i)]
            let y = b[batch % 3 * k * n + (transposeB ? column * k + i : i * n + column)]
            sum += Double(x) * Double(y)
          }
          expected.append(Float(sum))
        }
      }
    }
    for deviceClass in DeviceClass.allCases {
      #expect(difference(try run(graph, a + b, for: deviceClass), expected) < 5e-6)
    }
  }

  @Test func softmaxOverTheLastAxis() throws {
    var graph = Graph(name: "softmax")
    let input = graph.value([2, 3])
    let output = graph.node(.softmax(beta: 2), [input], [2, 3])
    (graph.inputs, graph.outputs) = ([input], [output])
    let result = try run(graph, [0, 0, 0, 80, 0, -80])
    #expect(difference(result, [1 / 3, 1 / 3, 1 / 3, 1, 0, 0]) < 1e-6)
  }

  @Test(arguments: [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]])
  func reductions(axes: [Int]) throws {
    var numbers = Numbers(state: 10)
    let x = numbers.floats(3 * 4 * 10)
    var sums: [Int: (sum: Float, top: Float, count: Int)] = [:]
    for index in x.indices {
      let position = [index / 40, index / 10 % 4, index % 10]
      var key = 0
      for axis in 0..<3 where !axes.contains(axis) { key = key * 16 + position[axis] }
      let old = sums[key] ?? (0, -.infinity, 0)
      sums[key] = (old.sum + x[index], max(old.top, x[index]), old.count + 1)
    }
    let groups = sums.keys.sorted().compactMap { sums[$0] }
    for kind in ReduceKind.allCases {
      let kept = [3, 4, 10].enumerated().filter { !axes.contains($0.offset) }.map(\.element)
      var graph = Graph(name: "reduce")
      let input = graph.value([3, 4, 10])
      let output = graph.node(.reduce(kind, axes: axes, keepDimensions: false), [input], kept)
      (graph.inputs, graph.outputs) = ([input], [output])
      let expected = groups.map { group in
        switch kind {
        case .mean: group.sum / Float(group.count)
        case .sum: group.sum
        case .maximum: group.top
        }
      }
      #expect(difference(try run(graph, x), expected) < 1e-5)
    }
  }
}
