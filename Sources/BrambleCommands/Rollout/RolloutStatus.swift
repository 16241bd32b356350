import ArgumentParser

struct RolloutStatus: Command {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how a rollout stands: each device, its wave, its state, the verdict and why.",
    discussion: """
        bramble rollout status
        bramble rollout status 3
      """)

  @Argument(help: "The rollout's number; without it, the latest one.")
  var rollout: Int64?

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let view = try RolloutView(workbench.rollout(rollout), in: workbench)
    output.show(json: view.json, table: view.text, on: terminal)
    return .success
  }
}
