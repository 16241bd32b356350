import ArgumentParser

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
    throw Failure("unbound")
  }
}
