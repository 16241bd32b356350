import ArgumentParser

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

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
