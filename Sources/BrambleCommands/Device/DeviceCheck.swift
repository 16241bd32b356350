import ArgumentParser

struct DeviceCheck: Command {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Connect to devices, check their host keys and agents, and refresh their facts.",
    discussion: """
      Exit status 4 when a device could not be reached, 6 when a host key is not the known one.

        bramble device check
        bramble device check tag:kitchen --forks 8
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
