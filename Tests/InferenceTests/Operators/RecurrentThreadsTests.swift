import ModelFormat
import Testing

@testable import Inference

/// Recurrent layers large enough to be shared, on one thread and on several.
@Suite struct RecurrentThreadsTests {
  struct Layer: CustomTestStringConvertible {
    var operation: Operator
    var weights: ElementType
    var batch = 1
    var units = 100

    var testDescription: String { "\(operation.name) \(weights.name) \(batch)x\(units)" }

    func graph() -> Graph {
      var numbers = Numbers(state: 33)
      var graph = Graph(name: "recurrent")
      let rows = (operation.name == "lstm" ? 4 : 3) * units
      let input = graph.value([batch, 9, 11])
      func matrix(_ columns: Int) -> TensorID {
        if weights == .int8 {
          let scales = (0..<rows).map { 0.001 + Float($0) * 0.00001 }
          return graph.weights([rows, columns], numbers.bytes(rows * columns), scales: scales)
        }
        return graph.constant([rows, columns], numbers.floats(rows * columns, scale: 0.1))
      }
      let output = graph.node(
        operation,
        [input, matrix(11), matrix(units), graph.constant([rows], numbers.floats(rows))],
        [batch, 9, units])
      (graph.inputs, graph.outputs) = ([input], [output])
      return graph
    }
  }

  static let layers: [Layer] = [
    Layer(operation: .lstm(LSTM()), weights: .float32),
    Layer(operation: .lstm(LSTM(reversed: true)), weights: .int8, batch: 3),
    Layer(operation: .lstm(LSTM(keepsState: true)), weights: .int8, batch: 2, units: 133),
    Layer(operation: .lstm(LSTM(keepsState: true)), weights: .float32, units: 7),
    Layer(operation: .gru(GRU()), weights: .float32, batch: 2),
    Layer(operation: .gru(GRU(resetsAfter: false)), weights: .float32, units: 133),
    Layer(operation: .gru(GRU(keepsState: true, resetsAfter: false)), weights: .int8, batch: 2),
  ]

  @Test(arguments: layers, [2, 3, 7]) func sameBytesForAnyNumber(layer: Layer, threads: Int) throws
  {
    let prepared = try ImageBuilder.prepare(layer.graph(), for: .current)
    let alone = try prepared.interpreter()
    let storage = BlobStorage(prepared.blobs)
    let shared = try Interpreter(
      prepared.image, blobs: storage.blobs, threads: threads, owner: storage,
      threshold: ThreadThreshold(all: 0))
    #expect(shared.threads == threads)
    var numbers = Numbers(state: 5)
    for _ in 0..<4 {
      let input = numbers.floats(alone.inputs[0].byteCount / 4).withUnsafeBytes { Array($0) }
      var outputs = [[UInt8]](
        repeating: [UInt8](repeating: 0, count: alone.outputs[0].byteCount), count: 2)
      try alone.run(input: input, output: &outputs[0])
      try shared.run(input: input, output: &outputs[1])
      #expect(outputs[0] == outputs[1])
    }
  }

  /// A batch gives what its samples give one by one.
  @Test(arguments: [Operator.lstm(LSTM()), .gru(GRU()), .gru(GRU(resetsAfter: false))])
  func samplesOfABatchAreIndependent(operation: Operator) throws {
    let (one, three) = (
      Layer(operation: operation, weights: .int8),
      Layer(operation: operation, weights: .int8, batch: 3)
    )
    var numbers = Numbers(state: 6)
    let x = numbers.floats(3 * 9 * 11)
    let image = try LoadedImage(one.graph())
    let single = try (0..<3).flatMap { try image.run(Array(x[$0 * 99..<($0 + 1) * 99])) }
    #expect(try run(three.graph(), x) == single)
  }
}
