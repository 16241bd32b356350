import ModelFormat
import Testing

@testable import Inference

/// Steps that threads go through together: the same bits as one after the other, for any number of threads.
@Suite struct JointStepsTests {
  /// Encoder layers as in a Transformer; `isInt8` has weights of dynamic range.
  private static func encoder(rows: Int, isInt8: Bool) -> Graph {
    var numbers = Numbers(state: 23)
    var graph = Graph(name: "encoder")
    func dense(_ x: TensorID, _ n: Int, _ k: Int, _ activation: Activation = .none) -> TensorID {
      let weights =
        isInt8
        ? graph.weights(
          [n, k], numbers.bytes(n * k), scales: numbers.floats(n).map { abs($0) * 0.001 + 0.001 })
        : graph.constant([n, k], numbers.floats(n * k))
      let bias = graph.constant([n], numbers.floats(n))
      return graph.node(.dense(activation: activation), [x, weights, bias], [1, rows, n])
    }
    func normalized(_ x: TensorID, _ y: TensorID) -> TensorID {
      let sum = graph.node(.binary(.add, activation: .none), [x, y], [1, rows, 32])
      let gamma = graph.constant([32], numbers.floats(32))
      return graph.node(.layerNormalization(epsilon: 0.01), [sum, gamma, nil], [1, rows, 32])
    }
    graph.inputs = [graph.value([1, rows, 32])]
    var x = graph.inputs[0]
    for _ in 0..<2 {
      let projected = dense(x, 96, 32)
      let attention = graph.node(
        .attention(Attention(heads: 4, scale: 0.3)), [projected], [1, rows, 32])
      x = normalized(x, dense(attention, 32, 32))
      x = normalized(x, dense(dense(x, 80, 32, .relu), 32, 80))
      // Read by every row, so nobody may go on before all have written it.
      let turned = graph.node(.transpose(permutation: [0, 2, 1]), [x], [1, 32, rows])
      x = graph.node(.transpose(permutation: [0, 2, 1]), [turned], [1, rows, 32])
      x = graph.node(.unary(.gelu), [x], [1, rows, 32])
    }
    graph.outputs = [graph.node(.softmax(beta: 1), [dense(x, 3, 32)], [1, rows, 3])]
    return graph
  }

  @Test(arguments: [17, 40, 64], [false, true])
  func anyNumberOfThreads(rows: Int, isInt8: Bool) throws {
    let prepared = try PreparedGraph(Self.encoder(rows: rows, isInt8: isInt8), for: .current)
    let storage = BlobStorage(prepared.blobs)
    let interpreters = try (1...4).map {
      try Interpreter(
        prepared.image, blobs: storage.blobs, threads: $0, owner: storage,
        threshold: ThreadThreshold(all: 0))
    }
    var numbers = Numbers(state: 5)
    for _ in 0..<100 {
      let input = numbers.floats(rows * 32).withUnsafeBytes { Array($0) }
      var results: [[UInt8]] = []
      for interpreter in interpreters {
        var output = [UInt8](repeating: 0, count: rows * 3 * 4)
        try interpreter.run(input: input, output: &output)
        results.append(output)
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
  }

  @Test func sharesAreWholeAndInOrder() {
    for parts in 1...4 {
      for (rows, count) in [(16, 16), (17, 17), (64, 8192), (65, 65), (40, 100)] {
        var next = 0
        for part in 0..<parts {
          let range = RowShare(part: part, parts: parts, rows: rows).of(count)
          #expect(range.lowerBound == next)
          #expect(range.isEmpty || count == 1 || range.count > 1)
          next = range.upperBound
        }
        #expect(next == count)
      }
    }
  }

  @Test func meetsOnlyWhereMemoryIsShared() {
    func span(_ range: Range<Int>, written: Bool, operand: Bool = true) -> ArenaSpan {
      ArenaSpan(range: range, isWritten: written, isOperand: operand)
    }
    let written = span(0..<64, written: true)
    let read = span(0..<64, written: false)
    #expect(!read.disturbs(written, cutAlike: true))
    #expect(read.disturbs(written, cutAlike: false))
    #expect(!read.disturbs(read, cutAlike: false))
    #expect(span(0..<32, written: false).disturbs(written, cutAlike: true))
    #expect(span(0..<64, written: true, operand: false).disturbs(written, cutAlike: true))
    #expect(!span(64..<128, written: true).disturbs(written, cutAlike: false))
  }
}
