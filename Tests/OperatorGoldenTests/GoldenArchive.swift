import DataSets
import Foundation

/// The golden cases of one operator, as `Tests/OperatorGoldens/generate.py` writes them.
struct GoldenArchive {
  let name: String
  let cases: [GoldenCase]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "OperatorGoldens").resolvingSymlinksInPath()

  /// The operators that there are goldens of.
  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).filter { $0.pathExtension == "npz" }
      .map { $0.deletingPathExtension().lastPathComponent }.sorted()
  }()

  init(_ name: String) throws {
    self.name = name
    let url = Self.folder.appending(path: "\(name).npz")
    let archive = try NPZ(decoding: [UInt8](Data(contentsOf: url)), file: url.lastPathComponent)
    func bytes(_ key: String) throws -> [UInt8] {
      guard case .uint8(let bytes) = try archive.array(key).elements else {
        throw CocoaError(.fileReadCorruptFile)
      }
      return bytes
    }
    let (models, inputs, outputs) = try (bytes("models"), bytes("inputs"), bytes("outputs"))
    let index = try bytes("index")
    let entries = try JSONDecoder().decode([GoldenCase.Entry].self, from: Data(index))
    let texts = try JSONSerialization.jsonObject(with: Data(index)) as? [[String: Any]] ?? []
    var (model, input, output) = (0, 0, 0)
    var cases: [GoldenCase] = []
    for (entry, text) in zip(entries, texts) {
      let parameters = try JSONSerialization.data(
        withJSONObject: text["parameters"] ?? [:], options: .sortedKeys)
      cases.append(
        GoldenCase(
          operatorName: name, entry: entry,
          parameters: String(decoding: parameters, as: UTF8.self),
          model: Array(models[model..<model + entry.models]),
          input: Array(inputs[input..<input + entry.inputs]),
          output: Array(outputs[output..<output + entry.outputs])))
      model += entry.models
      input += entry.inputs
      output += entry.outputs
    }
    self.cases = cases
  }
}

/// One model of one operator, an input, and the output that LiteRT gives for it.
struct GoldenCase {
  struct Entry: Decodable {
    /// "float32", "float16" (weights), "dynamic" (int8 weights) or "int8".
    var type: String
    var `case`: Int
    /// Which kernels made the output.
    var rounding: String
    /// Of dynamic-range cases: how far quantization takes LiteRT's output from that of float32.
    var slack: Float?
    /// Bytes.
    var models: Int
    var inputs: Int
    var outputs: Int
  }

  let operatorName: String
  let entry: Entry
  let parameters: String
  let model: [UInt8]
  let input: [UInt8]
  let output: [UInt8]

  /// What a failure is reported with.
  var description: String {
    "\(operatorName) \(entry.type) case \(entry.case) \(parameters) [\(entry.rounding)]"
  }
}
