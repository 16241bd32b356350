import Foundation
import ModelFormat
import Testing

@testable import Inference

@Suite struct AttentionTests {
  struct Case {
    var batch = 1
    var queries: Int
    var keys: Int
    var heads: Int
    var size: Int
    var valueSize: Int
  }

  static let cases = [
    Case(queries: 1, keys: 1, heads: 1, size: 1, valueSize: 1),
    Case(batch: 2, queries: 7, keys: 9, heads: 3, size: 5, valueSize: 4),
    Case(queries: 64, keys: 64, heads: 4, size: 32, valueSize: 32),
    // More keys than fit one block of scores.
    Case(queries: 37, keys: 600, heads: 2, size: 8, valueSize: 16),
  ]

  /// From the definition, in double precision; each operand [batch, tokens, heads · size].
  private func expected(_ q: [Float], _ k: [Float], _ v: [Float], _ c: Case) -> [Float] {
    var result = [Float](repeating: 0, count: c.batch * c.queries * c.heads * c.valueSize)
    for b in 0..<c.batch {
      for h in 0..<c.heads {
        for i in 0..<c.queries {
          let row = ((b * c.queries + i) * c.heads + h) * c.size
          let scores = (0..<c.keys).map { j in
            (0..<c.size).reduce(0.0) { sum, d in
              sum + Double(q[row + d]) * Double(k[((b * c.keys + j) * c.heads + h) * c.size + d])
            } * 0.3
          }
          let weights = scores.map { exp($0 - scores.max()!) }
          let total = weights.reduce(0, +)
          for d in 0..<c.valueSize {
            let sum = (0..<c.keys).reduce(0.0) { sum, j in
              sum + weights[j] * Double(v[((b * c.keys + j) * c.heads + h) * c.valueSize + d])
            }
            result[((b * c.queries + i) * c.heads + h) * c.valueSize + d] = Float(sum / total)
          }
        }
      }
    }
    return result
  }

  @Test(arguments: cases) func threeOperands(_ c: Case) throws {
    var numbers = Numbers(state: 5)
    let q = numbers.floats(c.batch * c.queries * c.heads * c.size, scale: 2)
    let k = numbers.floats(c.batch * c.keys * c.heads * c.size, scale: 2)
    let v = numbers.floats(c.batch * c.keys * c.heads * c.valueSize)
    var graph = Graph(name: "attention")
    graph.inputs = [
      graph.value([c.batch, c.queries, c.heads * c.size]),
      graph.value([c.batch, c.keys, c.heads * c.size]),
      graph.value([c.batch, c.keys, c.heads * c.valueSize]),
    ]
    graph.outputs = [
      graph.node(
        .attention(Attention(heads: c.heads, scale: 0.3)), graph.inputs,
        [c.batch, c.queries, c.heads * c.valueSize])
    ]
    let expected = expected(q, k, v, c)
    #expect(difference(try run(graph, q + k + v), expected) < 1e-5)
    #expect(difference(try run(graph, q + k + v, for: .generic), expected) < 1e-5)
  }

  @Test func onePackedOperand() throws {
    let c = Case(batch: 2, queries: 6, keys: 6, heads: 2, size: 4, valueSize: 4)
    var numbers = Numbers(state: 6)
    let parts = (0..<3).map { _ in numbers.floats(c.batch * 6 * 8) }
    let packed = (0..<c.batch * 6).flatMap { row in parts.flatMap { $0[row * 8..<row * 8 + 8] } }
    var graph = Graph(name: "attention")
    graph.inputs = [graph.value([2, 6, 24])]
    graph.outputs = [
      graph.node(.attention(Attention(heads: 2, scale: 0.3)), graph.inputs, [2, 6, 8])
    ]
    #expect(
      difference(try run(graph, packed), expected(parts[0], parts[1], parts[2], c)) < 1e-5)
  }
}
