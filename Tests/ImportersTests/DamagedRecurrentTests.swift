import Foundation
import ModelFormat
import Testing

@testable import Importers

@Suite("Damaged recurrent layers", .timeLimit(.minutes(5)))
struct DamagedRecurrentTests {
  private static let corpus = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fuzz/corpus/tflite")

  @Test(
    "Loops and unrolled layers with bytes changed give a sound graph or an error",
    arguments: [
      "bidirectional_sequence_lstm-float32", "unrolled_gru-float32", "unrolled_lstm-float32",
      "while_gru-float16", "while_gru-float32", "while_lstm-float32",
    ])
  func changed(_ name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: Self.corpus.appending(path: name)))
    let whole = try #require(recurrentLayers(bytes))
    var random = SplitMix64(state: 7)
    var (refused, plain) = (0, 0)
    for _ in 0..<4000 {
      var copy = bytes
      for _ in 0...(random.next() % 3) {
        let place = Int(random.next() % UInt64(copy.count))
        copy[place] = UInt8(truncatingIfNeeded: random.next() % 5 == 0 ? 0xFF : random.next() % 40)
      }
      // Anything but a graph or a typed error would be a crash, which no test survives.
      guard let found = recurrentLayers(copy) else {
        refused += 1
        continue
      }
      if found < whole { plain += 1 }
    }
    #expect(whole > 0 && refused > 100)
    // Unrolled steps that differ are no layer any more, but still a network.
    if name.hasPrefix("unrolled") { #expect(plain > 0) }
  }

  /// How many recurrent layers the graph has; `nil` when the file is refused.
  private func recurrentLayers(_ bytes: [UInt8]) -> Int? {
    do throws(ImportError) {
      let graph = try TFLiteImporter.graph(from: bytes, file: "damaged.tflite")
      return graph.nodes.count { $0.operation.isRecurrent }
    } catch {
      return nil
    }
  }
}
