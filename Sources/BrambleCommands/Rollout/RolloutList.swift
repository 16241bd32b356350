import ArgumentParser
import Encoding
import Rollout
import Store

struct RolloutList: Command {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the rollouts, newest first.",
    discussion: """
        bramble rollout list
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let names = try VariantNames(workbench.store)
    let listing = Listing<RolloutRecord>()
      .count("rollout", "#") { $0.id }
      .text("variant", nil) { $0.plan.variant.hex }
      .text("variantName", "VARIANT") { names.name($0.plan.variant) }
      .count("devices", "DEVICES") { $0.plan.targets.count }
      .text("started", "STARTED") { Moment.text($0.started) }
      .text("ended", nil) { $0.ended.map(Moment.text) }
      .text("outcome", "OUTCOME") { $0.outcome?.rawValue ?? "unfinished" }
      .text("verdict", "VERDICT") { $0.finding?.description }
    output.show(
      try workbench.store.rollouts(), as: listing,
      empty: "there was no rollout yet; begin one with `bramble rollout start VARIANT`",
      on: terminal)
    return .success
  }
}
