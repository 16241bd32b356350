import ArgumentParser
import Rollout
import Store

struct RolloutWatch: Command {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Follow a rollout until it ends.",
    discussion: """
        bramble rollout watch
        bramble rollout watch 3
      """)

  @Argument(help: "The rollout's number; without it, the latest one.")
  var rollout: Int64?

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let record = try workbench.rollout(rollout)
    let display = RolloutDisplay(
      ProgressLine(terminal), needed: record.plan.gate.minimumPredictions)
    defer { display.finish() }
    var snapshot = try workbench.store.snapshot(ofRollout: record)
    while snapshot.outcome == nil {
      display.show(snapshot)
      guard try Self.isDriven(workbench) else {
        throw Failure(
          "rollout \(record.id) is unfinished and nobody is driving it: "
            + "`bramble rollout resume` goes on with it",
          status: .partial)
      }
      try await Task.sleep(for: .milliseconds(500))
      snapshot = try workbench.store.snapshot(ofRollout: record)
    }
    display.finish()
    let view = try RolloutView(workbench.rollout(record.id), snapshot, in: workbench)
    output.show(json: view.json, table: view.text, on: terminal)
    return view.status
  }

  /// Whether another process holds the rollouts' lock.
  private static func isDriven(_ workbench: Workbench) throws -> Bool {
    do {
      _ = try workbench.workspace.lockRollouts()
      return false
    } catch WorkspaceError.rolloutRunning {
      return true
    }
  }
}
