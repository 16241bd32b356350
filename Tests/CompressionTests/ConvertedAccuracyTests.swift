import DataSets
import Importers
import ModelFormat
import Testing

@testable import Compression

/// TensorFlow's own compressed files on the real test set: as many windows right as LiteRT gets, which
/// the files' README tells.
@Suite(
  "Accuracy of the converter's files", .serialized,
  .enabled(if: SharedFiles.exist, "\(SharedFiles.absence)"))
struct ConvertedAccuracyTests {
  static let networks: [(model: String, rule: DecisionRule)] = [
    ("lstm-encdec", .argmaxOfMean), ("transformer", .argmaxOfMean), ("cnn1d", .argmax),
    ("dscnn2d", .argmax),
  ]
  /// Windows right, in the order of ``networks``.
  static let expected: [(file: String, right: [Int], slack: Int)] = [
    ("model-fp16", [942, 925, 924, 944], 1), ("model-dynint8", [942, 926, 924, 944], 1),
    // Integers: the same bytes on every machine.
    ("model-int8", [942, 925, 924, 944], 0),
  ]

  @Test(arguments: [0, 1, 2, 3]) func everyFileIsAsRightAsWithLiteRT(_ index: Int) async throws {
    let data = try LabelledWindows(
      NPZ(decoding: SharedFiles.bytes("data/har3-test.npz"), file: "har3-test.npz"))
    let (model, rule) = Self.networks[index]
    for (file, right, slack) in Self.expected {
      let path = "models/\(model)/\(file).tflite"
      let graph = try TFLiteImporter.graph(from: SharedFiles.bytes(path), file: path)
      let result = try await Evaluator(graph, rule: rule).evaluate(data)
      #expect(result.count == 950)
      #expect(
        abs(result.correct - right[index]) <= slack,
        "\(path): \(result.correct) right instead of \(right[index])")
    }
  }

  /// A half of the weights is gone without training, and LiteRT gets three windows less right.
  @Test func thePrunedFileToo() async throws {
    let data = try LabelledWindows(
      NPZ(decoding: SharedFiles.bytes("data/har3-test.npz"), file: "har3-test.npz"))
    let path = "models/lstm-encdec/model-pruned50-dynint8.tflite"
    let graph = try TFLiteImporter.graph(from: SharedFiles.bytes(path), file: path)
    let result = try await Evaluator(graph, rule: .argmaxOfMean).evaluate(data)
    #expect(abs(result.correct - 939) <= 1, "\(result.correct) right instead of 939")
  }

  @Test func theInt8AutoencoderFindsTheStairs() async throws {
    let data = try LabelledWindows(
      NPZ(decoding: SharedFiles.bytes("data/har3-test.npz"), file: "har3-test.npz"))
    let path = "models/autoencoder/model-int8.tflite"
    let graph = try TFLiteImporter.graph(from: SharedFiles.bytes(path), file: path)
    let result = try await Evaluator(
      graph, rule: .aboveError(threshold: 0.35), normalLabels: [0, 2]
    ).evaluate(data)
    let reconstruction = try #require(result.reconstruction)
    #expect(abs(reconstruction.meanSquaredError - 0.1789) < 0.0005)
    #expect(abs(try #require(reconstruction.areaUnderCurve) - 0.9661) < 0.0005)
  }
}
