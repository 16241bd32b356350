import DataSets
import Inference
import ModelFormat
import Testing

@testable import Importers

/// Imported networks, run by the device's runtime, against the outputs of the frameworks they come from.
@Suite("Golden outputs", .enabled(if: SharedFiles.exist, "\(SharedFiles.absence)"))
struct GoldenTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var model: String
    var golden: String
    /// Largest difference allowed, as a share of the golden output's range.
    var tolerance: Float = 1e-4
    var testDescription: String { model }
  }

  private static func har(_ model: String, _ file: String, tolerance: Float = 1e-4) -> Case {
    Case(
      model: "models/\(model)/\(file).tflite", golden: "models/\(model)/golden.npz",
      tolerance: tolerance)
  }

  private static func tiny(_ name: String) -> Case {
    Case(
      model: "mlperf-tiny/\(name)/\(name)_float32.tflite",
      golden: "mlperf-tiny/\(name)/\(name)_float32-golden.npz")
  }

  /// Float files; golden.npz is Keras's output, the others LiteRT's with XNNPACK.
  static let floatFiles: [Case] = [
    har("lstm-encdec", "model"), har("lstm-encdec", "model-while"), har("transformer", "model"),
    har("cnn1d", "model"), har("dscnn2d", "model"), har("autoencoder", "model"),
    tiny("ad"), tiny("ic"), tiny("vww"),
  ]

  /// Converters' own compressed files, against the uncompressed network: what their rounding costs.
  static let compressedFiles: [Case] = [
    har("lstm-encdec", "model-fp16", tolerance: 0.001),
    har("transformer", "model-fp16", tolerance: 0.002),
    har("cnn1d", "model-fp16", tolerance: 0.001),
    har("dscnn2d", "model-fp16", tolerance: 0.003),
    har("autoencoder", "model-fp16", tolerance: 0.001),
    har("lstm-encdec", "model-dynint8", tolerance: 0.005),
    har("lstm-encdec", "model-while-dynint8", tolerance: 0.005),
    har("transformer", "model-dynint8", tolerance: 0.02),
    har("cnn1d", "model-dynint8", tolerance: 0.001),
    har("dscnn2d", "model-dynint8", tolerance: 0.03),
    har("autoencoder", "model-dynint8", tolerance: 0.03),
  ]

  @Test("Float networks agree within 1e-4 of the output's range", arguments: floatFiles)
  func float(_ golden: Case) throws {
    let run = try Run(golden)
    #expect(run.count > 0)
    #expect(run.worst / run.range <= golden.tolerance)
  }

  @Test("Files compressed by the converter run as well here", arguments: compressedFiles)
  func compressed(_ golden: Case) throws {
    let run = try Run(golden)
    #expect(run.worst / run.range <= golden.tolerance)
  }

  @Test("kws_float32, which holds int8 weights, gives the same classes")
  func hybridKeywords() throws {
    let run = try Run(Self.tiny("kws"))
    #expect(run.sameClass == run.count)
  }
}

/// One model over all windows of one golden file.
private struct Run {
  var count = 0
  var worst: Float = 0
  var range: Float = 0
  var sameClass = 0

  init(_ golden: GoldenTests.Case) throws {
    let graph = try TFLiteImporter.graph(
      from: SharedFiles.bytes(golden.model), file: golden.model)
    let image = try ImageBuilder.image(of: graph, for: .current)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: image.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: image)
    let interpreter = try Interpreter(image: UnsafeRawBufferPointer(memory))

    let npz = try NPZ(
      decoding: SharedFiles.bytes(golden.golden), file: golden.golden)
    let inputs = try Windows(npz.array("input"), file: golden.golden, key: "input")
    let outputs = try Windows(npz.array("output"), file: golden.golden, key: "output")
    count = inputs.count
    range = (outputs.values.max() ?? 0) - (outputs.values.min() ?? 0)
    for index in 0..<count {
      let expected = Array(outputs[index])
      var output = Array(repeating: Float.nan, count: expected.count)
      try Array(inputs[index]).withUnsafeBytes { input in
        try output.withUnsafeMutableBytes { try interpreter.run(input: input, output: $0) }
      }
      for (a, b) in zip(output, expected) { worst = max(worst, abs(a - b)) }
      let classes = [output, expected].map { row in row.indices.max { row[$0] < row[$1] } }
      if classes[0] == classes[1] { sameClass += 1 }
    }
  }
}
