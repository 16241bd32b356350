import ModelFormat
import Store

/// A model as it lies in the workspace, read and checked.
struct StoredModel {
  var record: ModelRecord
  var graph: Graph
  var decision: DecisionRule

  init(named name: String, in workbench: Workbench) throws {
    guard let record = try workbench.store.model(named: name) else {
      let known = try workbench.store.models().map(\.name)
      throw Failure(
        known.isEmpty
          ? "there is no model yet; bring one in with `bramble model add FILE.tflite --name \(name)`"
          : "there is no model '\(name)'; there is \(known.joined(separator: ", "))")
    }
    self.record = record
    graph = try Package(decoding: workbench.objects.read(record.package)).graph
    decision = try DecisionRule(parsing: record.decision)
  }
}

/// A variant as it lies in the workspace, its package read and checked.
struct StoredVariant {
  var record: VariantRecord
  var manifest: Manifest
  var graph: Graph

  init(matching text: String, in workbench: Workbench) throws {
    record = try workbench.store.variant(matching: text)
    manifest = try Manifest(decoding: record.manifest)
    graph = try Package(decoding: workbench.objects.read(manifest.package.digest)).graph
  }
}
