import ArgumentParser

struct DeviceShow: Command {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show all that is known of one device.",
    discussion: """
        bramble device show pi-01
      """)

  @Argument(help: "The device's name.")
  var name: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
