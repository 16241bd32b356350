import ArgumentParser

struct DeviceRemove: Command {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Forget a device; nothing is changed on it.",
    discussion: """
      Its telemetry stays in the store. Its host key is forgotten too, unless another device has
      the same address.

        bramble device remove pi-01
      """)

  @Argument(help: "The device's name.")
  var name: String

  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
