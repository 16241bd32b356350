import ArgumentParser
import Rollout
import Store

struct RolloutResume: Command {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a rollout that was interrupted.",
    discussion: """
        bramble rollout resume
        bramble rollout resume 3
      """)

  @Argument(help: "The rollout's number; without it, the latest one.")
  var rollout: Int64?

  @OptionGroup var fleet: FleetOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let record = try workbench.rollout(rollout)
    let lock = try workbench.workspace.lockRollouts()
    if try workbench.store.snapshot(ofRollout: record).outcome == .promoted {
      terminal.note("rollout \(record.id) was promoted; nothing is left to do")
      return .success
    }
    let run = RolloutRun(
      record: record, workbench: workbench,
      lines: try Connector(workbench).lines(to: record.plan.targets.map(\.name)),
      forks: fleet.forks, terminal: terminal, lock: lock)
    let snapshot = try await run.run(.forward)
    let view = try RolloutView(workbench.rollout(record.id), snapshot, in: workbench)
    output.show(json: view.json, table: view.text, on: terminal)
    return view.status
  }
}
