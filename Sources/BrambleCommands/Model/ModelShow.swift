import ArgumentParser
import Encoding
import ModelFormat
import Reports
import Store

struct ModelShow: Command {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a model's graph (operators, shapes, types, sizes, MACs) and variants.",
    discussion: """
      What is int8 is shown with its scale and zero point: real = scale * (value - zero point).

        bramble model show motion
        bramble model show motion@dynamic-int8
      """)

  @Argument(help: "The model's name, or a variant: model@recipe.")
  var name: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    if name.contains("@") {
      let variant = try StoredVariant(matching: name, in: workbench)
      let model = try StoredModel(named: variant.manifest.model, in: workbench)
      show(
        variant.graph, of: model,
        [VariantRow(variant.record, originalBytes: model.record.packageSize)],
        package: variant.manifest.package.digest, on: terminal)
      return .success
    }
    let model = try StoredModel(named: name, in: workbench)
    let variants = try workbench.store.variants(ofModel: name).map {
      VariantRow($0, originalBytes: model.record.packageSize)
    }
    show(model.graph, of: model, variants, package: model.record.package, on: terminal)
    return .success
  }

  private func show(
    _ graph: Graph, of model: StoredModel, _ variants: [VariantRow], package: Digest,
    on terminal: Terminal
  ) {
    let nodes = GraphRow.rows(of: graph)
    output.show(
      json: json(graph, of: model, nodes, variants, package: package),
      table: text(graph, of: model, nodes, variants), on: terminal)
  }

  private func json(
    _ graph: Graph, of model: StoredModel, _ nodes: [GraphRow], _ variants: [VariantRow],
    package: Digest
  ) -> JSON {
    .object([
      "name": .string(name), "labels": .strings(model.record.labels),
      "decision": .string(model.record.decision), "source": .string(model.record.source),
      "package": .string(package.hex),
      "inputs": .array(graph.inputs.map { ShownTensor(tensor: graph[$0]).json }),
      "outputs": .array(graph.outputs.map { ShownTensor(tensor: graph[$0]).json }),
      "parameters": .count(graph.parameterCount), "bytes": .count(graph.parameterBytes),
      "macs": .count(graph.macs), "nodes": GraphRow.listing(for: nodes).json(nodes),
      "variants": VariantRow.listing(for: variants).json(variants),
    ])
  }

  private func text(
    _ graph: Graph, of model: StoredModel, _ nodes: [GraphRow], _ variants: [VariantRow]
  ) -> String {
    func shown(_ tensors: [TensorID]) -> String {
      tensors.map { ShownTensor(tensor: graph[$0]).text }.joined(separator: ", ")
    }
    let head = """
      \(name): input \(shown(graph.inputs)), output \(shown(graph.outputs))
      decided by \(model.record.decision)\
      \(model.record.labels.isEmpty ? "" : ", classes " + model.record.labels.joined(separator: ", "))
      \(Quantity.grouped(Int64(graph.parameterCount))) parameters, \
      \(Units.bytes(UInt64(graph.parameterBytes))), \
      \(Quantity.grouped(Int64(clamping: graph.macs))) multiplications a prediction
      """
    let tables =
      [GraphRow.listing(for: nodes).table(nodes)]
      + (variants.isEmpty ? [] : [VariantRow.listing(for: variants).table(variants)])
    return ([head] + tables).joined(separator: "\n\n")
  }
}
