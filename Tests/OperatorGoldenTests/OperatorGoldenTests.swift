import Importers
import ModelFormat
import Testing

@testable import Inference

/// Single operators with random parameters against LiteRT's own kernels, on every set of kernels of this machine.
///
/// `Tests/OperatorGoldens/generate.py` makes the goldens; each says which kernels of LiteRT's made its output.
@Suite("Operators against LiteRT")
struct OperatorGoldenTests {
  @Test(arguments: GoldenArchive.names)
  func agrees(_ name: String) throws {
    let archive = try GoldenArchive(name)
    let choices = KernelChoice.all
    for golden in archive.cases {
      if let failure = golden.failure(on: choices) { Issue.record("\(failure)") }
    }
  }

  /// Whether Keras wrote a loop or all its steps, each layer and direction is one node.
  @Test(arguments: GoldenArchive.names.filter { $0.hasPrefix("WHILE") || $0.hasPrefix("UNROLLED") })
  func becomesRecurrent(_ name: String) throws {
    for golden in try GoldenArchive(name).cases {
      let graph = try TFLiteImporter.graph(from: golden.model, file: "\(name).tflite")
      var layers = 0
      for node in graph.nodes {
        switch node.operation {
        case .lstm, .gru: layers += 1
        case .unary, .dense: Issue.record("\(golden.description) keeps \(node.name)")
        default: break
        }
      }
      let hasTwo = name == "WHILE_BIDIRECTIONAL" || golden.parameters.contains("\"layers\":2")
      #expect(layers == (hasTwo ? 2 : 1), "\(golden.description)")
    }
  }

  /// The same bytes on one thread and on three, with all work shared that can be.
  @Test(arguments: GoldenArchive.names)
  func threadsChangeNothing(_ name: String) throws {
    let archive = try GoldenArchive(name)
    for golden in archive.cases {
      let graph = try TFLiteImporter.graph(from: golden.model, file: "\(name).tflite")
      let image = try AlignedBytes(ImageBuilder.image(of: graph, for: .current))
      let outputs = try [1, 3].map { threads in
        let interpreter = try Interpreter(
          image: image.bytes, threads: threads, kernels: nil, threshold: ThreadThreshold(all: 0))
        var output = [UInt8](repeating: 0xff, count: golden.output.count)
        try interpreter.run(input: golden.input, output: &output)
        return output
      }
      #expect(outputs[0] == outputs[1], "\(golden.description)")
    }
  }

  @Test func thereAreEnoughCasesOfEachOperator() throws {
    #expect(GoldenArchive.names == Coverage.types.keys.sorted())
    for name in GoldenArchive.names {
      let archive = try GoldenArchive(name)
      let counts = Dictionary(grouping: archive.cases, by: \.entry.type).mapValues(\.count)
      #expect(Set(counts.keys) == Coverage.types[name], "\(name) has other types")
      for (type, count) in counts { #expect(count >= 20, "\(name) has \(count) cases of \(type)") }
    }
  }
}
