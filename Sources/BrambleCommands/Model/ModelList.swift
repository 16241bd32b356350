import ArgumentParser
import Encoding
import Reports
import Store

struct ModelList: Command {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the models and how many variants each has.",
    discussion: """
        bramble model list -o json
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let variants = Dictionary(grouping: try workbench.store.variants(), by: \.model)
    let listing = Listing<ModelRecord>()
      .text("name", "NAME") { $0.name }
      .column("bytes", "SIZE", { .count($0.packageSize) }) { Units.bytes($0.packageSize) }
      .list("labels", "LABELS") { $0.labels }
      .text("decision", "DECISION") { $0.decision }
      .count("variants", "VARIANTS") { Set((variants[$0.name] ?? []).map(\.name)).count }
      .text("source", "FROM") { $0.source }
      .text("package", nil) { $0.package.hex }
      .text("added", "ADDED") { Moment.text($0.added) }
    output.show(
      try workbench.store.models(), as: listing,
      empty: "there is no model yet; bring one in with `bramble model add FILE.tflite --name NAME`",
      on: terminal)
    return .success
  }
}
