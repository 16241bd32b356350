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
    "Fully quantized files are refused with the way out",
    arguments: [
      "models/lstm-encdec/model-int8.tflite", "models/transformer/model-int8.tflite",
      "models/cnn1d/model-int8.tflite", "mlperf-tiny/kws/kws_int8.tflite",
      "mlperf-tiny/sww/sww_int8.tflite",
    ])
  func fullyQuantized(_ path: String) throws {
    let error = #expect(throws: ImportError.self) { try graph(path) }
    guard case .unsupported(let what, let advice)? = error?.problem else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(what.contains("fully quantized"))
    #expect(advice.contains("float32 model"))
    #expect(error?.file == path)
  }
}
