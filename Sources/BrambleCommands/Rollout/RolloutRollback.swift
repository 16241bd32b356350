import ArgumentParser
import Rollout
import Store

struct RolloutRollback: Command {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "End a rollout: every device it touched goes back to its previous variant.",
    discussion: """
        bramble rollout rollback
        bramble rollout rollback 3
      """)

  @Argument(help: "The rollout's number; without it, the latest one.")
  var rollout: Int64?

  @Option(help: "Why, for the record and for the devices' journals.")
  var reason = "the operator asked for it"

  @OptionGroup var fleet: FleetOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let record = try workbench.rollout(rollout)
    let lock = try workbench.workspace.lockRollouts()
    try workbench.record("rollout rollback", "\(record.id)")
    let run = RolloutRun(
      record: record, workbench: workbench,
      lines: try Connector(workbench).lines(to: record.plan.targets.map(\.name)),
      forks: fleet.forks, terminal: terminal, lock: lock)
    let snapshot = try await run.run(.back(reason: reason))
    let view = try RolloutView(workbench.rollout(record.id), snapshot, in: workbench)
    output.show(json: view.json, table: view.text, on: terminal)
    // What was asked for was done, unless somebody still owes it.
    return snapshot.devices.contains { $0.record.debt != nil } ? .partial : .success
  }
}
