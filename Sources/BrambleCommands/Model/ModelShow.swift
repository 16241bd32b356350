import ArgumentParser
import Encoding
import ModelFormat
import Reports
import Store

struct ModelShow: Command {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a model's graph (operators, shapes, parameters, bytes, MACs) and variants.",
    discussion: """
        bramble model show motion
      """)

  @Argument(help: "The model's name.")
  var name: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let model = try StoredModel(named: name, in: workbench)
    let nodes = GraphRow.rows(of: model.graph)
    let variants = try workbench.store.variants(ofModel: name).map {
      VariantRow($0, originalBytes: model.record.packageSize)
    }
    output.show(
      json: json(model, nodes, variants), table: text(model, nodes, variants), on: terminal)
    return .success
  }

  private func json(_ model: StoredModel, _ nodes: [GraphRow], _ variants: [VariantRow]) -> JSON {
    func shape(_ tensor: Tensor) -> JSON { .array(tensor.shape.dimensions.map { .count($0) }) }
    return .object([
      "name": .string(name), "labels": .strings(model.record.labels),
      "decision": .string(model.record.decision), "source": .string(model.record.source),
      "package": .string(model.record.package.hex),
      "input": shape(model.graph[model.graph.inputs[0]]),
      "output": shape(model.graph[model.graph.outputs[0]]),
      "parameters": .count(model.graph.parameterCount),
      "bytes": .count(model.graph.parameterBytes), "macs": .count(model.graph.macs),
      "nodes": GraphRow.listing.json(nodes),
      "variants": VariantRow.listing(for: variants).json(variants),
    ])
  }

  private func text(_ model: StoredModel, _ nodes: [GraphRow], _ variants: [VariantRow]) -> String {
    let graph = model.graph
    let head = """
      \(name): input \(graph[graph.inputs[0]].shape), output \(graph[graph.outputs[0]].shape)
      decided by \(model.record.decision)\
      \(model.record.labels.isEmpty ? "" : ", classes " + model.record.labels.joined(separator: ", "))
      \(Quantity.grouped(Int64(graph.parameterCount))) parameters, \
      \(Units.bytes(UInt64(graph.parameterBytes))), \
      \(Quantity.grouped(Int64(clamping: graph.macs))) multiplications a prediction
      """
    let tables =
      [GraphRow.listing.table(nodes)]
      + (variants.isEmpty ? [] : [VariantRow.listing(for: variants).table(variants)])
    return ([head] + tables).joined(separator: "\n\n")
  }
}
