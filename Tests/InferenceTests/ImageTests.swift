import ModelFormat
import Testing

@testable import Inference

@Suite struct ImageTests {
  private func image(_ deviceClass: DeviceClass = .current) throws -> [UInt8] {
    try ImageBuilder.image(of: LSTMTests.Layer(bytes: true).graph, for: deviceClass)
  }

  @Test func namesOfClassesAreReadBack() {
    for deviceClass in DeviceClass.allCases {
      #expect(DeviceClass(name: deviceClass.name) == deviceClass)
    }
    #expect(DeviceClass(name: "pdp11") == nil)
  }

  @Test(arguments: DeviceClass.allCases) func theSameGraphGivesTheSameBytes(
    deviceClass: DeviceClass
  ) throws {
    #expect(try image(deviceClass) == image(deviceClass))
  }

  /// Cutting anywhere, and damage to any byte of the first and last 2 KiB, is refused.
  @Test func damageIsRefused() throws {
    let whole = try image()
    for count in [0, 1, 63, 64, 100, whole.count / 2, whole.count - 1] {
      #expect(throws: InferenceError.self) { try LoadedImage(Array(whole[..<count])) }
    }
    let ends = Array(whole.indices.prefix(2048)) + Array(whole.indices.suffix(2048))
    for index in ends {
      var damaged = whole
      damaged[index] ^= 0x10
      #expect(throws: InferenceError.self) { try LoadedImage(damaged) }
    }
  }

  /// Tables that contradict the graph, with right checksums.
  @Test func contradictionsAreRefused() throws {
    let prepared = try ImageBuilder.prepare(LSTMTests.Layer().graph, for: .generic)
    func refused(_ change: (inout PreparedGraph) -> Void) {
      var changed = prepared
      change(&changed)
      #expect(throws: InferenceError.self) { try changed.interpreter() }
    }
    refused { $0.image.arena.bytes = 64 }
    refused { $0.image.arena.bytes = MemoryPlan.limit + 64 }
    refused { $0.image.arena.tensors[0] = $0.image.arena.bytes }
    refused { $0.image.arena.tensors[0] = 4 }
    refused { $0.image.arena.tensors[0] = nil }
    refused { $0.image.arena.tensors.removeLast() }
    refused { $0.image.arena.scratch[0] = -64 }
    refused { $0.image.matrices[0][0] = 9 }
    refused { $0.image.matrices[0].removeLast() }
    refused { $0.image.matrices[0].swapAt(0, 1) }
    refused { $0.blobs[0].removeLast() }
    refused { $0.image.graph.nodes[0].inputs[0] = TensorID(99) }
    refused { $0.image.graph.tensors[0].shape = [1, 7, 5] }
    refused { $0.image.graph.tensors[0].shape = [1, 7, 1 << 23] }
    refused { $0.image.graph.nodes[0].operation = .softmax(beta: 1) }
  }

  @Test func foldedConstantsDoNotRun() throws {
    var graph = Graph(name: "folded")
    let input = graph.value([2, 2])
    let sum = graph.node(
      .binary(.add, activation: .none),
      [graph.constant([2], [1, 2]), graph.constant([2], [3, 4])], [2])
    let turned = graph.node(.reshape, [sum], [1, 2])
    let output = graph.node(.binary(.multiply, activation: .none), [input, turned], [2, 2])
    (graph.inputs, graph.outputs) = ([input], [output])
    let prepared = try ImageBuilder.prepare(graph, for: .current)
    #expect(prepared.image.graph.nodes.count == 1)
    #expect(try run(graph, [1, 1, 2, 2]) == [4, 6, 8, 12])
  }

  @Test func wrongInputsAreRefusedBeforeAnythingRuns() throws {
    let layer = LSTMTests.Layer()
    let image = try LoadedImage(layer.graph)
    #expect(throws: InferenceError.inputSize(tensor: "value0", expected: 168, actual: 164)) {
      try image.run(Array(layer.x.dropLast()))
    }
    var bad = layer.x
    bad[17] = .infinity
    #expect(throws: InferenceError.notFinite(tensor: "value0", position: 17)) { try image.run(bad) }
    bad[17] = .nan
    #expect(throws: InferenceError.notFinite(tensor: "value0", position: 17)) { try image.run(bad) }
    #expect(difference(try image.run(layer.x), layer.expected()) < 2e-6)
  }
}
