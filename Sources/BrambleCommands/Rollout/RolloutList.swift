import ArgumentParser

struct RolloutList: Command {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the rollouts, newest first.",
    discussion: """
        bramble rollout list
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
