import Compression
import DataSets
import Encoding
import Inference
import ModelFormat
import Store

/// Makes variants of a model, measures each on labelled windows, and keeps all that devices need of it.
struct VariantBuild {
  var model: StoredModel
  var data: LabelledWindows
  var probeWindows: Int
  var budget: UInt64
  /// For rules that tell the unusual from the usual.
  var normalLabels: Set<Int>
  var workbench: Workbench
  var progress: ProgressLine

  struct Made {
    var record: VariantRecord
    var warnings: [EvaluationWarning]
  }

  /// The uncompressed model on the same windows, which every variant is compared with.
  func original() async throws -> Evaluation {
    try await evaluate(model.graph, as: model.record.name)
  }

  func variant(_ recipe: Recipe, comparedWith original: Evaluation) async throws -> Made {
    let name = "\(model.record.name)@\(recipe)"
    progress.update("\(name): compressing")
    let graph = try recipe.apply(to: model.graph)
    let evaluation = try await evaluate(graph, as: name)
    let package = Package(graph: graph).encode()
    _ = try workbench.objects.put(package)
    let measures = measures(of: evaluation, comparedWith: original)
    let manifest = Manifest(
      model: model.record.name, recipe: recipe.description, package: ObjectReference(to: package),
      images: try images(of: graph, name), probe: try probe(), labels: model.record.labels,
      decision: model.decision, budgetMicroseconds: budget, quality: quality(measures))
    let bytes = manifest.encode()
    let record = VariantRecord(
      digest: try workbench.objects.put(bytes), model: model.record.name,
      recipe: recipe.description, manifest: bytes, packageSize: UInt64(package.count),
      measures: measures)
    try workbench.store.save(record)
    return Made(record: record, warnings: evaluation.warnings(comparedWith: original))
  }

  private func evaluate(_ graph: Graph, as name: String) async throws -> Evaluation {
    let progress = progress
    return try await Evaluator(graph, rule: model.decision, normalLabels: normalLabels)
      .evaluate(data) { done, total in
        progress.update("\(name): evaluating, \(done) of \(total) windows")
      }
  }

  /// One for every class of devices, so that no device has to make its own.
  private func images(of graph: Graph, _ name: String) throws -> [ImageReference] {
    try DeviceClass.allCases.map { deviceClass in
      progress.update("\(name): preparing the image for \(deviceClass.name)")
      let bytes = try ImageBuilder.image(of: graph, for: deviceClass)
      return ImageReference(
        deviceClass: deviceClass.name, digest: try workbench.objects.put(bytes),
        size: UInt64(bytes.count))
    }
  }

  private func probe() throws -> ObjectReference {
    let judged: [Int]
    if case .aboveError = model.decision {
      judged = data.labels.map { normalLabels.contains($0) ? 0 : 1 }
    } else {
      judged = data.labels
    }
    let positions = ProbeSelection.positions(labels: judged, count: probeWindows)
    let bytes = ProbeSet(
      inputShape: model.graph[model.graph.inputs[0]].shape,
      windows: data.windows.selecting(positions).values,
      labels: positions.map { UInt32(judged[$0]) }
    ).encode()
    _ = try workbench.objects.put(bytes)
    return ObjectReference(to: bytes)
  }

  /// By name, shares from 0 to 1.
  func measures(of result: Evaluation, comparedWith original: Evaluation?) -> [String: Double] {
    var measures: [String: Double] = [
      "windows": Double(result.count), "accuracy": result.accuracy,
    ]
    measures["worstClass"] = result.worstClass?.recall
    measures["areaUnderCurve"] = result.reconstruction?.areaUnderCurve
    measures["meanSquaredError"] = result.reconstruction?.meanSquaredError
    if let original {
      measures["change"] = result.change(from: original) / 100
      measures["agreement"] = result.agreement(with: original)
    }
    return measures
  }

  private func quality(_ measures: [String: Double]) -> Quality {
    func millionths(_ key: String) -> UInt64? {
      measures[key].map { UInt64(($0 * 1_000_000).rounded()) }
    }
    return Quality(
      windows: UInt64(measures["windows"] ?? 0), accuracy: millionths("accuracy"),
      agreement: millionths("agreement"), worstClass: millionths("worstClass"),
      meanSquaredError: millionths("meanSquaredError"),
      areaUnderCurve: millionths("areaUnderCurve"))
  }
}
