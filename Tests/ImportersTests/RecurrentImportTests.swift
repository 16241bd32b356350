import ModelFormat
import Testing

@testable import Importers

@Suite("Import of recurrent layers")
struct RecurrentImportTests {
  private func outcome(_ bytes: [UInt8]) -> Result<Graph, ImportError> {
    do throws(ImportError) {
      return .success(try TFLiteImporter.graph(from: bytes, file: "rnn.tflite"))
    } catch {
      return .failure(error)
    }
  }

  @Test("A WHILE loop that is an LSTM step becomes an LSTM", arguments: [true, false])
  func loop(keepsAll: Bool) throws {
    let graph = try outcome(LoopFixture.file(keepsAll: keepsAll)).get()
    let lstm = try #require(graph.nodes.first { $0.operation == .lstm(LSTM()) })
    #expect(graph[lstm.outputs[0]].shape == [1, 3, 2])
    #expect(graph[graph.outputs[0]].shape == (keepsAll ? [3, 1, 2] : [1, 1, 2]))
    #expect(lstm.inputs.count == 4)
  }

  @Test(
    "Gates in another order are put in the graph's",
    arguments: ["fiog", "ofgi", "gofi", "iofg"])
  func gateOrder(_ order: String) throws {
    let expected = try outcome(LoopFixture.file()).get()
    let graph = try outcome(LoopFixture.file(gateOrder: order)).get()
    #expect(graph == expected)
  }

  @Test("What a step computes for nobody changes nothing")
  func deadOperator() throws {
    let graph = try outcome(LoopFixture.file(computesMore: true)).get()
    #expect(try graph == outcome(LoopFixture.file()).get())
  }

  @Test("A loop that differs in anything is refused", arguments: LoopFixture.Flaw.allCases)
  func flaws(_ flaw: LoopFixture.Flaw) throws {
    guard case .failure(let error) = outcome(LoopFixture.file(flaw: flaw)) else {
      Issue.record("\(flaw) was imported")
      return
    }
    #expect(error.file == "rnn.tflite")
    let node = try #require(error.node)
    #expect(node.operatorName == (flaw == .cellStateIsRead ? "TANH" : "WHILE"))
  }

  private struct Variant: Sendable, CustomTestStringConvertible {
    var shown: String
    var slot: Int?
    var options: [Int: Float] = [:]
    var flags: [Int: UInt8] = [:]
    var testDescription: String { shown }
  }

  private static let variants = [
    Variant(shown: "peephole", slot: 9), Variant(shown: "projection", slot: 16),
    Variant(shown: "layer normalization", slot: 20), Variant(shown: "CIFG", slot: -1),
    Variant(shown: "clips its cell state at 3", options: [1: 3]),
    Variant(shown: "clips its projection", options: [2: 1]),
    Variant(shown: "not tanh", flags: [0: 1]), Variant(shown: "diagonal", flags: [5: 1]),
  ]

  /// One fused layer of 2 units over 3 steps of 2 values.
  private func fused(
    _ variant: Variant? = nil, timeMajor: Bool = false, state: [Float]? = nil
  ) -> [UInt8] {
    var file = TFLiteFixture()
    let shape: [Int32] = timeMajor ? [3, 1, 2] : [1, 3, 2]
    let x = file.tensor("x", shape)
    var inputs: [Int32] = [x]
    for index in 0..<8 {
      let values = (0..<4).map { Float(index) + Float($0) / 10 }
      inputs.append(file.floats("w\(index)", [2, 2], values))
    }
    inputs += [-1, -1, -1]
    for index in 0..<4 { inputs.append(file.floats("b\(index)", [2], [Float(index), 0.5])) }
    inputs += [-1, -1]
    for name in ["h", "c"] {
      inputs.append(
        state.map { file.floats(name, [1, 2], $0) } ?? file.tensor(name, [1, 2], variable: true))
    }
    inputs += [-1, -1, -1, -1]
    var options: [Int: FlatValue] = [0: .uint8(4), 1: .float(10), 3: .uint8(timeMajor ? 1 : 0)]
    if let variant {
      if let slot = variant.slot {
        if slot < 0 { inputs[1] = -1 } else { inputs[slot] = file.floats("extra", [2], [1, 1]) }
      }
      for (id, value) in variant.options { options[id] = .float(value) }
      for (id, value) in variant.flags { options[id] = .uint8(value) }
    }
    let y = file.tensor("rnn", shape)
    file.add("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [y], options: (71, options))
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = [y]
    return file.bytes()
  }

  @Test("The fused layer's gates are stacked i, f, g, o, with zero state at every start")
  func fusedLayer() throws {
    let graph = try outcome(fused()).get()
    #expect(graph.nodes.map(\.operation) == [.lstm(LSTM(keepsState: false, reversed: false))])
    let w = graph[try #require(graph.nodes[0].inputs[1])]
    let r = graph[try #require(graph.nodes[0].inputs[2])]
    let b = graph[try #require(graph.nodes[0].inputs[3])]
    func block(_ gates: Range<Int>) -> [Float] {
      gates.flatMap { gate in (0..<4).map { Float(gate) + Float($0) / 10 } }
    }
    #expect(w.shape == [8, 2] && w.data == block(0..<4).littleEndianBytes)
    #expect(r.shape == [8, 2] && r.data == block(4..<8).littleEndianBytes)
    #expect(b.data == [Float](arrayLiteral: 0, 0.5, 1, 0.5, 2, 0.5, 3, 0.5).littleEndianBytes)
  }

  @Test("Keeping the state from one prediction to the next is switched on by the user alone")
  func keepsState() throws {
    for bytes in [fused(), LoopFixture.file()] {
      let graph = try TFLiteImporter.graph(from: bytes, file: "rnn.tflite", keepsState: true)
      #expect(graph.nodes.contains { $0.operation == .lstm(LSTM(keepsState: true)) })
    }
  }

  @Test("A time-major layer is turned to batch-major and back")
  func timeMajor() throws {
    let graph = try outcome(fused(timeMajor: true)).get()
    #expect(graph[graph.outputs[0]].shape == [3, 1, 2])
    #expect(graph.nodes.map(\.operation) == [.reshape, .lstm(LSTM()), .reshape])
  }

  @Test("Variants that the graph's LSTM does not compute are refused by name")
  func variants() throws {
    for variant in Self.variants {
      guard case .failure(let error) = outcome(fused(variant)) else {
        Issue.record("\(variant.shown) was imported")
        continue
      }
      #expect(error.description.contains(variant.shown))
      #expect(error.node?.operatorName == "UNIDIRECTIONAL_SEQUENCE_LSTM")
    }
  }

  @Test("An initial state that is not zero is refused; zeros are the state we start from")
  func initialState() throws {
    _ = try outcome(fused(state: [0, 0])).get()
    guard case .failure(let error) = outcome(fused(state: [0, 0.5])) else {
      Issue.record("the state was dropped")
      return
    }
    #expect(error.description.contains("initial state"))
  }
}
