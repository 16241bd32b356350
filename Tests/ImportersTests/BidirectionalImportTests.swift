import ModelFormat
import Testing

@testable import Importers

@Suite("Import of layers in both directions")
struct BidirectionalImportTests {
  /// One fused layer of 2 units in each direction over 3 steps of 2 values; `extra` stands at operand `slot`.
  private func file(
    merges: Bool = true, timeMajor: Bool? = false, slot: Int? = nil, extra: [Float]? = nil
  ) -> [UInt8] {
    var file = TFLiteFixture()
    let shape: [Int32] = timeMajor == false ? [1, 3, 2] : [3, 1, 2]
    let x = file.tensor("x", shape)
    var inputs = [Int32](repeating: -1, count: 48)
    inputs[0] = x
    for (direction, first) in [1, 18].enumerated() {
      for gate in 0..<8 {
        let values = (0..<4).map { Float(direction * 8 + gate) + Float($0) / 10 }
        inputs[first + gate] = file.floats("w\(direction)\(gate)", [2, 2], values)
      }
      for gate in 0..<4 {
        inputs[first + 11 + gate] = file.floats("b\(direction)\(gate)", [2], [Float(gate), 0.5])
      }
    }
    for place in 35..<39 { inputs[place] = file.tensor("state\(place)", [1, 2], variable: true) }
    if let slot { inputs[slot] = extra.map { file.floats("extra", [1, 2], $0) } ?? -1 }
    var options: [Int: FlatValue] = [0: .uint8(4), 3: .uint8(merges ? 1 : 0)]
    if let timeMajor { options[4] = .uint8(timeMajor ? 1 : 0) }
    let width: Int32 = merges ? 4 : 2
    let outputs = (0..<(merges ? 1 : 2)).map { file.tensor("y\($0)", [shape[0], shape[1], width]) }
    file.add("BIDIRECTIONAL_SEQUENCE_LSTM", inputs, outputs, options: (69, options))
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = outputs
    return file.bytes()
  }

  private func graph(of bytes: [UInt8]) throws(ImportError) -> Graph {
    try TFLiteImporter.graph(from: bytes, file: "rnn.tflite")
  }

  @Test("Both directions become layers of their own, side by side where the file merges them")
  func merged() throws {
    let graph = try graph(of: file())
    let layers: [Operator] = [.lstm(LSTM()), .lstm(LSTM(reversed: true))]
    #expect(graph.nodes.map(\.operation) == layers + [.concatenate(axis: 2)])
    #expect(graph[graph.outputs[0]].shape == [1, 3, 4])
    let w = graph[try #require(graph.nodes[1].inputs[1])]
    #expect(
      w.data
        == (8..<12).flatMap { gate in (0..<4).map { Float(gate) + Float($0) / 10 } }
        .littleEndianBytes)
  }

  @Test("Outputs that the file keeps apart stay apart")
  func apart() throws {
    let graph = try graph(of: file(merges: false))
    #expect(graph.nodes.map(\.operation) == [.lstm(LSTM()), .lstm(LSTM(reversed: true))])
    #expect(graph.outputs == graph.nodes.map { $0.outputs[0] })
  }

  @Test("The sequence is time-major unless the file says otherwise", arguments: [true, nil])
  func timeMajor(_ stored: Bool?) throws {
    let graph = try graph(of: file(timeMajor: stored))
    #expect(graph[try #require(graph.nodes[1].inputs[0])].shape == [1, 3, 2])
    #expect(graph[graph.outputs[0]].shape == [3, 1, 4])
  }

  @Test(
    "What the graph's LSTM does not compute is refused by name",
    arguments: [
      (9, "peephole"), (27, "peephole"), (16, "projection"), (33, "projection"),
      (37, "initial state"), (39, "auxiliary"), (47, "auxiliary"),
    ])
  func variants(_ slot: Int, _ shown: String) throws {
    let error = #expect(throws: ImportError.self) {
      try graph(of: file(slot: slot, extra: [1, 1]))
    }
    #expect(error?.description.contains(shown) == true)
    #expect(error?.node?.operatorName == "BIDIRECTIONAL_SEQUENCE_LSTM")
  }

  @Test("Operands that are missing are refused", arguments: [2, 18, 22, 30])
  func missing(_ slot: Int) throws {
    let error = #expect(throws: ImportError.self) { try graph(of: file(slot: slot)) }
    #expect(error?.node?.operatorName == "BIDIRECTIONAL_SEQUENCE_LSTM")
  }
}
