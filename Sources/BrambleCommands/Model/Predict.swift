import ArgumentParser
import Compression
import DataSets
import Encoding
import ModelFormat
import Reports
import Store

struct Predict: Command {
  static let configuration = CommandConfiguration(
    abstract: "Run a variant here, with the devices' own runtime.",
    discussion: """
      DATA holds x [windows, ...]; where it also holds y, the share of right answers is told.

        bramble predict motion@dynamic-int8 --input test.npz --limit 20
      """)

  @Argument(help: "The variant: model@recipe or a digest's first digits.")
  var variant: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Windows to predict, .npz.", valueName: "data"))
  var input: String

  @Option(name: .shortAndLong, help: "Stop after this many windows.")
  var limit: Int?

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit takes 1 or more, not \(limit).") }
  }

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let stored = try StoredVariant(matching: variant, in: workbench)
    let shape = stored.graph[stored.graph.inputs[0]].shape.dimensions
    var windows = try Windows(contentsOf: input, inputShape: shape)
    var expected = try labels(for: stored.manifest.decision)
    if let limit, limit < windows.count {
      windows = windows.selecting(Array(0..<limit))
      expected = expected.map { Array($0.prefix(limit)) }
    }
    let progress = ProgressLine(terminal)
    let predictions = try await Evaluator(stored.graph, rule: stored.manifest.decision)
      .predictions(for: windows) { done, total in
        progress.update("predicting: \(done) of \(total) windows")
      }
    progress.finish()
    let names = stored.manifest.labels
    let rows = predictions.enumerated().map { index, prediction in
      PredictionRow(
        window: index, label: prediction.label,
        name: names.indices.contains(prediction.label) ? names[prediction.label] : nil,
        expected: expected?[index], error: prediction.squaredError)
    }
    show(rows, of: stored, on: terminal)
    return .success
  }

  /// The true classes, where the data have them and they are the ones that the rule gives.
  private func labels(for rule: DecisionRule) throws -> [Int]? {
    if case .aboveError = rule { return nil }
    guard !input.hasSuffix(".npy") else { return nil }
    let npz = try NPZ(contentsOf: input)
    guard npz.keys.contains("y") else { return nil }
    return try LabelledWindows(npz).labels
  }

  private func show(_ rows: [PredictionRow], of stored: StoredVariant, on terminal: Terminal) {
    let judged = rows.filter { $0.expected != nil }
    let right = judged.count { $0.expected == $0.label }
    let share = judged.isEmpty ? nil : Double(right) / Double(judged.count)
    let listing = PredictionRow.listing(for: rows)
    let last = share.map { "\n\n\(right) of \(judged.count) right (\(Units.percent($0)))" } ?? ""
    output.show(
      json: .object([
        "variant": .string(stored.record.name), "digest": .string(stored.record.digest.hex),
        "accuracy": .optional(share), "predictions": listing.json(rows),
      ]),
      table: listing.table(rows) + last, on: terminal)
  }
}
