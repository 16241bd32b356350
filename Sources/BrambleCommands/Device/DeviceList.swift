import ArgumentParser

struct DeviceList: Command {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the registered devices.",
    discussion: """
        bramble device list
        bramble device list arch:aarch64 -o json
      """)

  @Argument(help: "Which devices.")
  var selector = "all"

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
