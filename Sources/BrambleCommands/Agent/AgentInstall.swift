import ArgumentParser
import Foundation
import Inventory
import SSH
import Store

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
    let workbench = try Workbench(workspace)
    let devices = try workbench.someDevices(selector)
    let installer = AgentInstaller(binaries: AgentBinaries(folder: try agentFolder()))
    let task = FleetTask(
      connector: try Connector(workbench), forks: fleet.forks, terminal: terminal)
    let outcomes = await task.run(on: devices, "installing the agent") { session, device in
      let installation = try await installer.install(over: session)
      let agent = try await Self.greet(over: session)
      try workbench.store.save(agent.facts, ofDevice: device.name)
      await agent.close()
      return installation
    }
    try workbench.record(
      "agent install",
      outcomes.filter { $0.problem == nil }
        .map(\.device.name).joined(separator: ","))
    output.show(outcomes, as: Self.listing, empty: "", on: terminal)
    return .gravest(of: outcomes.compactMap(\.problem))
  }

  /// The daemon may need a moment after it was set up.
  private static func greet(over session: SSHSession) async throws -> AgentConnection {
    for _ in 0..<40 {
      do throws(AgentError) {
        return try await AgentConnection.open(over: session)
      } catch {
        guard case .daemonNotRunning = error.problem else { throw error }
      }
      try await Task.sleep(for: .milliseconds(250))
    }
    return try await AgentConnection.open(over: session)
  }

  private func agentFolder() throws -> String {
    if let agents { return agents }
    if let folder = AgentFolder.nearest { return folder }
    throw Failure(
      "the agents' executables were not found; build them with `make agents`, "
        + "or name their folder with --agents")
  }

  private static var listing: Listing<FleetTask.Outcome<AgentInstaller.Installation>> {
    Listing()
      .text("name", "NAME") { $0.device.name }
      .text("machine", "MACHINE") { $0.value?.machine }
      .text("version", "AGENT") { $0.value?.version }
      .text("root", "ROOT") { $0.value?.root }
      .text("supervisor", "SUPERVISOR") { $0.value?.supervisor }
      .text("installation", nil) { $0.value?.identifier }
      .text("problem", nil) { $0.problem?.message }
  }
}
