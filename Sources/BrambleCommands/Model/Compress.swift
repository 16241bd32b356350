import ArgumentParser
import Compression
import DataSets
import Foundation
import ModelFormat
import Store

struct Compress: Command {
  static let configuration = CommandConfiguration(
    abstract: "Make variants of a model and measure what each costs in accuracy.",
    discussion: """
      Recipes: float32, float16, dynamic-int8, int4; steps are joined by '+'. Every variant is run
      over the evaluation data with the devices' own runtime. A probe set for the devices is drawn
      from the same data, balanced over the classes. The same input gives the same bytes and digests.

      DATA holds x [windows, ...] float32 and y [windows] integer.

        bramble compress motion --recipe float16 --recipe dynamic-int8 --evaluate test.npz
      """)

  @Argument(help: "The model's name.")
  var model: String

  @Option(name: .shortAndLong, help: "A recipe; may be given several times.")
  var recipe: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Labelled windows to evaluate on, .npz.", valueName: "data"))
  var evaluate: String

  @Option(help: "Windows in the probe set that travels with each variant.")
  var probeWindows = 48

  @Option(help: ArgumentHelp("The time that a prediction may take on a device.", valueName: "time"))
  var budget = Span(microseconds: 1_000_000)

  @Option(
    help: ArgumentHelp(
      "For rules with a threshold: the labels of usual windows.", valueName: "a,b"))
  var normalLabels = "0"

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    guard (1...4096).contains(probeWindows) else {
      throw ValidationError("--probe-windows takes 1 to 4096, not \(probeWindows).")
    }
    if recipe.isEmpty { throw ValidationError("Name at least one --recipe.") }
  }

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let recipes = try recipe.map { try Recipe(parsing: $0) }
    let normal = try normal()
    let model = try StoredModel(named: model, in: workbench)
    let data = try LabelledWindows(
      contentsOf: evaluate, inputShape: model.graph[model.graph.inputs[0]].shape.dimensions)
    let progress = ProgressLine(terminal)
    defer { progress.finish() }
    let build = VariantBuild(
      model: model, data: data, probeWindows: probeWindows, budget: budget.microseconds,
      normalLabels: normal, workbench: workbench, progress: progress)
    return try await withInterruption { try await make(recipes, by: build, on: terminal) }
  }

  private func make(
    _ recipes: [Recipe], by build: VariantBuild, on terminal: Terminal
  ) async throws -> ExitStatus {
    let original = try await build.original()
    let size = build.model.record.packageSize
    var rows = [
      VariantRow(
        original: build.model.record.name, bytes: size,
        measures: build.measures(of: original, comparedWith: nil))
    ]
    var seen: Set<Recipe> = []
    for recipe in recipes where seen.insert(recipe).inserted {
      let made = try await build.variant(recipe, comparedWith: original)
      rows.append(VariantRow(made.record, originalBytes: size))
      for warning in made.warnings { build.progress.note("\(made.record.name): \(warning)") }
    }
    build.progress.finish()
    output.show(rows, as: VariantRow.listing(for: rows), empty: "", on: terminal)
    return .success
  }

  private func normal() throws -> Set<Int> {
    let labels = NameList.parse(normalLabels).map(Int.init)
    guard !labels.isEmpty, !labels.contains(nil) else {
      throw Failure("--normal-labels takes numbers: 0,2", status: .usage)
    }
    return Set(labels.compactMap { $0 })
  }
}
