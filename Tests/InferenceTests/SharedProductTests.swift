import CKernels
import ModelFormat
import Testing

@testable import Inference

/// Products that several threads share: the same bits for any number of threads.
@Suite struct SharedProductTests {
  enum Weights: CaseIterable {
    case float32, float16, int8, int4
  }

  private func graph(_ type: Weights, rows: Int, n: Int, k: Int) -> (Graph, [Float]) {
    var numbers = Numbers(state: 31)
    var graph = Graph(name: "dense")
    let input = graph.value([rows, k])
    let floats = numbers.floats(n * k)
    let weights: TensorID
    switch type {
    case .float32: weights = graph.constant([n, k], floats)
    case .float16:
      let bytes = floats.map { Binary16.bits($0) }.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      weights = graph.add(Tensor(name: "w", shape: [n, k], type: .float16, data: bytes))
    case .int8:
      weights = graph.weights(
        [n, k], numbers.bytes(n * k), scales: numbers.floats(n).map { abs($0) + 0.1 })
    case .int4:
      var data: [UInt8] = []
      for _ in 0..<n * Int4Blocks.count(for: k) {
        Int4Blocks.append((0..<32).map { _ in Int8(numbers.int(-7...7)) }, scale: 0.1, to: &data)
      }
      weights = graph.add(Tensor(name: "w", shape: [n, k], type: .int4, data: data))
    }
    let output = graph.node(
      .dense(activation: .none), [input, weights, graph.constant([n], numbers.floats(n))],
      [rows, n])
    (graph.inputs, graph.outputs) = ([input], [output])
    return (graph, numbers.floats(rows * k))
  }

  @Test(arguments: Weights.allCases, [(1, 1030, 300), (70, 130, 96), (200, 40, 100), (73, 50, 90)])
  func anyNumberOfThreads(type: Weights, size: (rows: Int, n: Int, k: Int)) throws {
    let (graph, x) = graph(type, rows: size.rows, n: size.n, k: size.k)
    let image = try ImageBuilder.image(of: graph, for: .current)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: image.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: image)
    var results: [[UInt8]] = []
    for threads in 1...4 {
      let interpreter = try Interpreter(image: UnsafeRawBufferPointer(memory), threads: threads)
      var output = [UInt8](repeating: 0, count: size.rows * size.n * 4)
      try interpreter.run(input: x.withUnsafeBytes { Array($0) }, output: &output)
      results.append(output)
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }
}
