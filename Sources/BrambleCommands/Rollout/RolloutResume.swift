import ArgumentParser

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

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
