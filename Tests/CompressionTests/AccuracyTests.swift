import DataSets
import Foundation
import Importers
import ModelFormat
import Testing

@testable import Compression

/// What compression costs on the real test set: 950 windows of nine people that no network has seen.
@Suite(
  "Accuracy of compressed networks", .serialized,
  .enabled(if: SharedFiles.exist, "\(SharedFiles.absence)"))
struct AccuracyTests {
  private func graph(_ model: String) throws -> Graph {
    let path = "models/\(model)/model.tflite"
    return try TFLiteImporter.graph(from: SharedFiles.bytes(path), file: path)
  }

  private func testSet() throws -> LabelledWindows {
    try LabelledWindows(
      NPZ(decoding: SharedFiles.bytes("data/har3-test.npz"), file: "har3-test.npz"))
  }

  @Test(
    "A recipe loses at most half a point",
    arguments: [
      ("lstm-encdec", DecisionRule.argmaxOfMean, 942), ("transformer", .argmaxOfMean, 925),
      ("cnn1d", .argmax, 924), ("dscnn2d", .argmax, 944),
    ])
  func classifiers(_ model: String, _ rule: DecisionRule, _ keras: Int) async throws {
    let data = try testSet()
    let graph = try graph(model)
    let original = try await Evaluator(graph, rule: rule).evaluate(data)
    // The README's figure for Keras, give or take a window on the edge.
    #expect(abs(original.correct - keras) <= 1)
    try report(model, "float32", graph, original, original)
    for text in ["float16", "dynamic-int8"] {
      let variant = try Recipe(parsing: text).apply(to: graph)
      let result = try await Evaluator(variant, rule: rule).evaluate(data)
      try report(model, text, variant, result, original)
      #expect(abs(result.correct - keras) <= 1)
      #expect(result.change(from: original) >= -0.5)
      #expect(result.agreement(with: original) >= 0.99)
      #expect(result.warnings(comparedWith: original).isEmpty)
    }
  }

  @Test("Four-bit weights cost the networks that they are for at most a point and a half")
  func fourBits() async throws {
    let data = try testSet()
    for (model, right) in [("lstm-encdec", 941), ("transformer", 927)] {
      let graph = try graph(model)
      let original = try await Evaluator(graph, rule: .argmaxOfMean).evaluate(data)
      let variant = try Recipe(parsing: "int4").apply(to: graph)
      let result = try await Evaluator(variant, rule: .argmaxOfMean).evaluate(data)
      try report(model, "int4", variant, result, original)
      // 6.4 times smaller, but for biases, convolutions and small layers.
      #expect(variant.parameterBytes * 11 < graph.parameterBytes * 2)
      // What they were when this was written; kernels may round a window on the edge otherwise.
      #expect(abs(result.correct - right) <= 1)
      #expect(result.change(from: original) >= -1.5)
      #expect(result.agreement(with: original) >= 0.97)
    }
  }

  @Test("Compressed weights are truly in use: the outputs differ, by little")
  func outputsDiffer() async throws {
    let windows = try testSet().stratified(24).windows
    let graph = try graph("dscnn2d")
    let original = try await Evaluator(graph, rule: .argmax).predictions(for: windows)
    for (text, most) in [("float16", Float(0.01)), ("dynamic-int8", 0.05)] {
      let variant = try Recipe(parsing: text).apply(to: graph)
      let result = try await Evaluator(variant, rule: .argmax).predictions(for: windows)
      let differences = zip(original, result).flatMap { zip($0.output, $1.output).map(-) }
      let largest = differences.map(abs).max() ?? 0
      #expect(largest > 0 && largest < most)
    }
  }

  @Test("The autoencoder still finds the stairs it never saw")
  func autoencoder() async throws {
    let data = try testSet()
    let graph = try graph("autoencoder")
    let rule = DecisionRule.aboveError(threshold: 0.35)
    let original = try await Evaluator(graph, rule: rule, normalLabels: [0, 2]).evaluate(data)
    let area = try #require(original.reconstruction?.areaUnderCurve)
    let error = try #require(original.reconstruction?.meanSquaredError)
    #expect(abs(area - 0.9661) < 0.0005 && abs(error - 0.1786) < 0.0005)
    try report("autoencoder", "float32", graph, original, original)
    for text in ["float16", "dynamic-int8"] {
      let variant = try Recipe(parsing: text).apply(to: graph)
      let result = try await Evaluator(variant, rule: rule, normalLabels: [0, 2]).evaluate(data)
      try report("autoencoder", text, variant, result, original)
      #expect(try #require(result.reconstruction?.areaUnderCurve) >= area - 0.005)
    }
  }

  /// One line of the table that a run of these tests prints.
  private func report(
    _ model: String, _ recipe: String, _ graph: Graph, _ result: Evaluation, _ original: Evaluation
  ) throws {
    let bytes = graph.tensors.reduce(0) { $0 + ($1.data?.count ?? 0) }
    let worst = try #require(result.worstClass)
    var line = String(
      format:
        "%@ %@ %8d bytes  %d/%d  %6.2f %%  %+5.2f points  agreement %6.2f %%  worst %d: %.1f %%",
      model.padding(toLength: 12, withPad: " ", startingAt: 0),
      recipe.padding(toLength: 13, withPad: " ", startingAt: 0), bytes, result.correct,
      result.count, result.accuracy * 100, result.change(from: original),
      result.agreement(with: original) * 100, worst.label, (worst.recall ?? 0) * 100)
    if let reconstruction = result.reconstruction, let area = reconstruction.areaUnderCurve {
      line += String(format: "  MSE %.4f  AUC %.4f", reconstruction.meanSquaredError, area)
    }
    print(line)
  }
}
