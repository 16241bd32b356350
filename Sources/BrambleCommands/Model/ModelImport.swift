import Encoding
import Foundation
import Importers
import Inference
import Inventory
import ModelFormat
import Store

/// Brings a network into a workspace: read, checked to run, kept.
struct ModelImport {
  var file: String
  var name: String
  var labels: [String]
  /// `nil` chooses by the output's shape.
  var decision: String?
  var keepsState: Bool
  /// Whether another model of that name may be replaced.
  var replaces: Bool

  func run(in workbench: Workbench) throws -> ModelRecord {
    if let reason = Word.problem(in: name) {
      throw Failure("the name '\(name)' \(reason)", status: .usage)
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw Failure("\(file): there is no such file, or it cannot be read")
    }
    let graph = try graph(of: [UInt8](data))
    let rule = try rule(for: graph)
    try checkLabels(rule, graph)
    _ = try ImageBuilder.image(of: graph, for: .current)
    let bytes = Package(graph: graph).encode()
    let record = ModelRecord(
      name: name, package: SHA256.digest(of: bytes), packageSize: UInt64(bytes.count),
      labels: labels, decision: rule.description, source: file)
    try checkName(record, in: workbench)
    _ = try workbench.objects.put(bytes)
    try workbench.store.save(record)
    try workbench.record("model add", "\(name) from \(file)")
    return record
  }

  private func graph(of bytes: [UInt8]) throws -> Graph {
    var graph = try TFLiteImporter.graph(from: bytes, file: file)
    // The file's name shall not show in the digest.
    graph.name = name
    guard graph.inputs.count == 1, graph.outputs.count == 1 else {
      throw Failure(
        "\(file): the network has \(graph.inputs.count) inputs and \(graph.outputs.count) outputs; "
          + "one of each can be served, so cut the others off and export it again")
    }
    for index in graph.nodes.indices {
      graph.nodes[index].operation.keepsState = keepsState
    }
    return graph
  }

  private func rule(for graph: Graph) throws -> DecisionRule {
    let input = graph[graph.inputs[0]].shape
    let output = graph[graph.outputs[0]].shape
    if let decision {
      let rule = try DecisionRule(parsing: decision)
      guard rule.accepts(output: output, input: input) else {
        throw Failure(
          "the decision rule \(rule) does not fit an output of shape \(output.dimensions) "
            + "for an input of shape \(input.dimensions)")
      }
      return rule
    }
    if output == input {
      throw Failure(
        "\(file): the output has the input's shape, so the network seems to reconstruct it: "
          + "say what error is unusual, --decision \"above(mean_squared_error(output, input), 0.4)\""
      )
    }
    let extents = output.dimensions.filter { $0 != 1 }
    return extents.count > 1 ? .argmaxOfMean : .argmax
  }

  private func checkLabels(_ rule: DecisionRule, _ graph: Graph) throws {
    let classes = rule.classCount(output: graph[graph.outputs[0]].shape)
    guard labels.isEmpty || labels.count == classes else {
      throw Failure(
        "--labels names \(labels.count) classes, but by the rule \(rule) there are \(classes)")
    }
  }

  private func checkName(_ record: ModelRecord, in workbench: Workbench) throws {
    guard let old = try workbench.store.model(named: name), old.package != record.package,
      !replaces
    else { return }
    throw Failure(
      "there is another model '\(name)', from \(old.source): take another name, "
        + "or say --replace; variants that were made of it stay")
  }
}
