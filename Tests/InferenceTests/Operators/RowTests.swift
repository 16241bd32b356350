import Foundation
import ModelFormat
import Testing

@testable import Inference

/// Normalizations over the last axis, at sizes below, at and above the width of a vector.
@Suite struct RowTests {
  static let widths = [1, 3, 8, 13, 128]

  private func rows(_ values: [Float], _ width: Int, _ function: ([Double]) -> [Double]) -> [Float]
  {
    stride(from: 0, to: values.count, by: width).flatMap { start in
      function(values[start..<start + width].map(Double.init)).map { Float($0) }
    }
  }

  private func result(
    _ operation: Operator, _ x: [Float], _ width: Int, _ vectors: [[Float]?] = []
  ) throws -> [Float] {
    var graph = Graph(name: "rows")
    let input = graph.value([x.count / width, width])
    let operands = vectors.map { $0.map { graph.constant([width], $0) } }
    let output = graph.node(operation, [input] + operands, [x.count / width, width])
    (graph.inputs, graph.outputs) = ([input], [output])
    return try run(graph, x)
  }

  @Test(arguments: widths) func layerNormalization(width: Int) throws {
    var numbers = Numbers(state: 3)
    let x = numbers.floats(5 * width, scale: 3).map { $0 + 1 }
    let (gamma, beta) = (numbers.floats(width), numbers.floats(width))
    for vectors in [[gamma, beta], [gamma, nil], [nil, beta], []] as [[[Float]?]] {
      let expected = rows(x, width) { row in
        let mean = row.reduce(0, +) / Double(width)
        let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
        return row.indices.map {
          let value = (row[$0] - mean) / (variance + 0.001).squareRoot()
          let scaled = value * Double(vectors.first.flatMap { $0 }?[$0] ?? 1)
          return scaled + Double(vectors.last.flatMap { $0 }?[$0] ?? 0)
        }
      }
      if vectors.count == 2 || vectors.isEmpty {
        let y = try result(.layerNormalization(epsilon: 0.001), x, width, vectors)
        #expect(difference(y, expected) < 1e-5)
      }
    }
  }

  @Test(arguments: widths) func logSoftmaxAndL2(width: Int) throws {
    var numbers = Numbers(state: 4)
    let x = numbers.floats(4 * width, scale: 20)
    let logarithms = rows(x, width) { row in
      let sum = log(row.reduce(0) { $0 + exp($1 - row.max()!) }) + row.max()!
      return row.map { $0 - sum }
    }
    #expect(difference(try result(.logSoftmax, x, width), logarithms) < 1e-5)
    let unit = rows(x, width) { row in
      let norm = max(row.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-6)
      return row.map { $0 / norm }
    }
    #expect(difference(try result(.l2Normalization, x, width), unit) < 1e-6)
    let zeros = [Float](repeating: 0, count: width)
    #expect(try result(.l2Normalization, zeros, width) == zeros)
  }
}
