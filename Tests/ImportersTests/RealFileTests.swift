import ModelFormat
import Testing

@testable import Importers

@Suite("Import of real files", .enabled(if: SharedFiles.exist, "\(SharedFiles.absence)"))
struct RealFileTests {
  private func graph(_ path: String) throws -> Graph {
    try TFLiteImporter.graph(from: SharedFiles.bytes(path), file: path)
  }

  @Test("The WHILE form and the fused form of one network hold the same weights")
  func loopAndFused() throws {
    let loop = try graph("models/lstm-encdec/model-while.tflite")
    let fused = try graph("models/lstm-encdec/model.tflite")
    func weights(_ graph: Graph) -> [[UInt8]] {
      graph.nodes.flatMap { node in
        node.inputs.compactMap { $0 }.compactMap { graph[$0].data }
      }
    }
    #expect(weights(loop) == weights(fused))
    #expect(weights(loop).count == 8)
    // The 64 copies of the time-distributed layer are one again.
    #expect(loop.nodes.count < 12)
  }

  @Test(
    "The converter's own compressed files import with their compressed weights",
    arguments: [
      ("lstm-encdec/model-fp16", ElementType.float16), ("transformer/model-fp16", .float16),
      ("cnn1d/model-fp16", .float16), ("dscnn2d/model-fp16", .float16),
      ("autoencoder/model-fp16", .float16), ("lstm-encdec/model-dynint8", .int8),
      ("lstm-encdec/model-while-dynint8", .int8), ("lstm-encdec/model-pruned50-dynint8", .int8),
      ("transformer/model-dynint8", .int8), ("cnn1d/model-dynint8", .int8),
      ("dscnn2d/model-dynint8", .int8), ("autoencoder/model-dynint8", .int8),
    ])
  func compressed(_ name: String, _ type: ElementType) throws {
    let graph = try graph("models/\(name).tflite")
    let constants = graph.tensors.filter(\.isConstant)
    let bytes = constants.reduce(0) { $0 + ($1.data?.count ?? 0) }
    let inType = constants.filter { $0.type == type }.reduce(0) { $0 + ($1.data?.count ?? 0) }
    #expect(inType * 3 > bytes)
    try graph.validate()
  }

  @Test(
    "Fully quantized files import in int8 from end to end",
    arguments: [
      "models/lstm-encdec/model", "models/transformer/model", "models/cnn1d/model",
      "models/dscnn2d/model", "models/autoencoder/model", "mlperf-tiny/ad/ad",
      "mlperf-tiny/ic/ic", "mlperf-tiny/ic/ic_large", "mlperf-tiny/kws/kws",
      "mlperf-tiny/sww/sww", "mlperf-tiny/vww/vww",
    ])
  func fullyQuantized(_ name: String) throws {
    let graph = try graph(name.hasPrefix("models") ? "\(name)-int8.tflite" : "\(name)_int8.tflite")
    for id in graph.inputs + graph.outputs {
      #expect(graph[id].type == .int8)
      #expect(graph[id].quantization?.scales.count == 1)
    }
    // The only floats are those that the converter itself puts around operators that it has not in int8.
    for node in graph.nodes where graph[node.outputs[0]].type == .float32 {
      #expect(node.operation == .dequantize || node.operation == .unary(.negate))
    }
  }
}
