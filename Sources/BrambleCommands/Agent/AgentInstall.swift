import ArgumentParser

struct AgentInstall: Command {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Put the agent on devices and start it.",
    discussion: """
      Needs only sh, uname, cat and mv on the device. As root or through 'sudo -n' the agent gets
      a user of its own and /var/lib/bramble; elsewhere it lives in the SSH user's home. Running
      it again brings the agent up to date and keeps its variants and its journal.

        bramble agent install
        bramble agent install pi-01,pi-02
      """)

  @Argument(help: "Which devices.")
  var selector = "all"

  @Option(
    help: ArgumentHelp(
      "The folder with the agents' executables; without it, the places where they are built.",
      valueName: "dir"))
  var agents: String?

  @OptionGroup var fleet: FleetOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
