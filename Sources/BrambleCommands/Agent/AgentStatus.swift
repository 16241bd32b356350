import ArgumentParser

struct AgentStatus: Command {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Ask the agents which variant they run and how they stand.",
    discussion: """
        bramble agent status
        bramble agent status tag:kitchen -o json
      """)

  @Argument(help: "Which devices.")
  var selector = "all"

  @OptionGroup var fleet: FleetOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
