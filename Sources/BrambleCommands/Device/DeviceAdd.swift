import ArgumentParser
import AgentProtocol
import Foundation
import Inventory
import SSH
import Store

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
    let workbench = try Workbench(workspace)
    let device = Device(
      name: name, user: address.user, host: address.host, port: address.port, tags: tag,
      identity: try identity.map(Self.absolutePath))
    let (facts, key) = try await register(device, in: workbench)
    try workbench.record("device add", "\(name) \(address.user)@\(address.host)")
    let agent = facts.agentVersion.isEmpty ? "no agent yet" : "agent \(facts.agentVersion)"
    terminal.note(
      "\(name) is registered: \(facts.architecture), \(facts.operatingSystem), \(agent); "
        + "host key \(key.map(\.description) ?? "not told")")
    if facts.agentVersion.isEmpty {
      terminal.note("next: bramble agent install \(name)")
    }
    return .success
  }

  private func register(
    _ device: Device, in workbench: Workbench
  ) async throws -> (Facts, HostKey?) {
    var inventory = try workbench.inventory()
    if inventory[name] != nil {
      throw Failure(
        "\(name) is registered already, in \(inventory.path(of: name)); take another name, or "
          + "remove it first with `bramble device remove \(name)`")
    }
    if let reason = Word.problem(in: name) {
      throw Failure("the name '\(name)' \(reason)", status: .usage)
    }
    let connector = try Connector(workbench)
    let known = connector.knownHosts
    let policy: HostKeyPolicy =
      hostKey.map { .pinned($0, recordIn: known) }
      ?? (acceptNewHostKey ? .acceptNew(known) : .known(known))
    let session: SSHSession
    do throws(SSHError) {
      session = try await connector.session(to: device, hostKeys: policy)
    } catch {
      throw Self.explained(error)
    }
    let facts = try await FactProbe.facts(over: session)
    let key = await session.hostKey
    await session.close()
    try inventory.add(device)
    try workbench.store.save(facts, ofDevice: name)
    return (facts, key)
  }

  /// An unknown key is told with the two ways on from there.
  private static func explained(_ error: SSHError) -> any Error {
    guard case .hostKey(.unknown(let offered, _)) = error.problem else { return error }
    return Failure(
      "\(error)\nTo trust it, run this again with --host-key \(offered.fingerprint), "
        + "or with --accept-new-host-key",
      status: .integrity)
  }

  private static func absolutePath(_ path: String) throws -> String {
    let expanded = (path as NSString).expandingTildeInPath
    let folder = URL(
      filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
    let full = URL(filePath: expanded, relativeTo: folder).standardizedFileURL
      .path(percentEncoded: false)
    guard FileManager.default.isReadableFile(atPath: full) else {
      throw Failure("--identity \(path): there is no such file, or it cannot be read")
    }
    return full
  }
}
