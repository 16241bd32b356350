import ArgumentParser

struct DeviceAdd: Command {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Register a device: connect, check its host key, keep its address and facts.",
    discussion: """
      The key that the device shows is compared with Inventory/known_hosts. A key that is not
      there yet is refused with its fingerprint, unless you say which one it must be, or accept
      whatever it shows this once. A key that differs from the known one is always refused.

        bramble device add pi-01 pi@192.0.2.11 --host-key SHA256:AbC...
        bramble device add pi-02 pi@pi-02.local:2222 --tag kitchen --accept-new-host-key
      """)

  @Argument(help: "What the device is called from now on: letters, digits, '-', '_' and '.'.")
  var name: String

  @Argument(help: ArgumentHelp("Where it is: USER@HOST or USER@HOST:PORT.", valueName: "address"))
  var address: Address

  @Option(name: .shortAndLong, help: "A tag; may be given several times.")
  var tag: [String] = []

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The private key to log in with.", valueName: "file"))
  var identity: String?

  @Flag(help: "Accept the host key that the device shows, when none is known yet.")
  var acceptNewHostKey = false

  @Option(
    help: ArgumentHelp("The fingerprint that its host key must have.", valueName: "SHA256:..."))
  var hostKey: String?

  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    if acceptNewHostKey && hostKey != nil {
      throw ValidationError("Give either --host-key or --accept-new-host-key, not both.")
    }
    if let hostKey, !hostKey.hasPrefix("SHA256:") || hostKey.count < 20 {
      throw ValidationError(
        "--host-key takes a fingerprint as ssh-keygen -l prints it, SHA256:..., not '\(hostKey)'.")
    }
  }

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
