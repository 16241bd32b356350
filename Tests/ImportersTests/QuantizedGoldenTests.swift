import DataSets
import Inference
import ModelFormat
import Testing

@testable import Importers

/// Fully quantized files from end to end, against what LiteRT's reference kernels give for the same int8 inputs.
@Suite("Golden outputs in int8", .enabled(if: SharedFiles.exist, "\(SharedFiles.absence)"))
struct QuantizedGoldenTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var model: String
    var golden: String
    /// The golden file's key of what LiteRT gives.
    var key = "output_ref"
    var testDescription: String { model }
  }

  static let files: [Case] =
    // The reference kernels lack the integer LSTM; LiteRT without delegates and with them gives the same bytes.
    [
      Case(
        model: "models/lstm-encdec/model-int8.tflite",
        golden: "models/lstm-encdec/golden-int8.npz", key: "output")
    ]
    + ["transformer", "cnn1d", "dscnn2d", "autoencoder"].map {
      Case(model: "models/\($0)/model-int8.tflite", golden: "models/\($0)/golden-int8.npz")
    }
    + ["ad/ad", "ic/ic", "ic/ic_large", "kws/kws", "sww/sww", "vww/vww"].map {
      Case(model: "mlperf-tiny/\($0)_int8.tflite", golden: "mlperf-tiny/\($0)_int8-golden.npz")
    }

  @Test("Every network gives LiteRT's bytes", arguments: files)
  func bytes(_ golden: Case) throws {
    let npz = try NPZ(decoding: SharedFiles.bytes(golden.golden), file: golden.golden)
    let inputs = try npz.array("input")
    let count = try #require(inputs.shape.first)
    let outputs = try run(golden.model, try bytes(inputs), count: count)
    try compare(outputs, try bytes(npz.array(golden.key)))
  }

  private func bytes(_ array: NPY) throws -> [UInt8] {
    guard case .int8(let values) = array.elements else {
      throw GoldenError(description: "the golden array is not int8")
    }
    return values.map { UInt8(bitPattern: $0) }
  }

  /// The outputs for `count` inputs, one behind the other.
  private func run(_ file: String, _ inputs: [UInt8], count: Int) throws -> [UInt8] {
    let graph = try TFLiteImporter.graph(from: SharedFiles.bytes(file), file: file)
    let image = try ImageBuilder.image(of: graph, for: .current)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: image.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: image)
    let interpreter = try Interpreter(image: UnsafeRawBufferPointer(memory))
    #expect(interpreter.inputs[0].type == .int8)
    #expect(interpreter.inputs[0].quantization?.scales.count == 1)
    let size = inputs.count / count
    var outputs: [UInt8] = []
    for index in 0..<count {
      var output = [UInt8](repeating: 0, count: interpreter.outputs[0].byteCount)
      try interpreter.run(input: Array(inputs[index * size..<(index + 1) * size]), output: &output)
      outputs += output
    }
    return outputs
  }

  private func compare(_ ours: [UInt8], _ golden: [UInt8]) throws {
    try #require(ours.count == golden.count)
    let distances = zip(ours, golden).map {
      abs(Int(Int8(bitPattern: $0)) - Int(Int8(bitPattern: $1)))
    }
    #expect(distances.max() == 0, "\(distances.filter { $0 > 0 }.count) of \(ours.count) differ")
  }
}

private struct GoldenError: Error, CustomStringConvertible {
  var description: String
}
