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
    try checkThatItCanGoBack(record, in: workbench)
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

  private func checkThatItCanGoBack(_ record: RolloutRecord, in workbench: Workbench) throws {
    if let latest = try workbench.store.latestRollout(), latest.id != record.id {
      throw Failure(
        "rollout \(latest.id) came after rollout \(record.id), and the devices obey the later one: "
          + "roll that back, or start a rollout of the variant that you want")
    }
    let targets = Dictionary(record.plan.targets.map { ($0.name, $0.previous) }) { a, _ in a }
    let stuck = try workbench.store.snapshot(ofRollout: record).devices.filter {
      $0.record.state == .committed && $0.record.isTouched && targets[$0.name] == .some(nil)
    }
    guard stuck.isEmpty else {
      throw Failure(
        "\(stuck.map(\.name).joined(separator: ", ")) ran no variant before rollout \(record.id), "
          + "so there is none to go back to; start a rollout of another variant instead")
    }
  }
}
