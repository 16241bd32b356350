import ArgumentParser
import AgentProtocol
import Inventory
import Reports
import Store

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
    let workbench = try Workbench(workspace)
    let devices = try workbench.someDevices(selector)
    let task = FleetTask(
      connector: try Connector(workbench), forks: fleet.forks, terminal: terminal)
    let outcomes = await task.run(on: devices, "checking") { session, device in
      let facts = try await FactProbe.facts(over: session)
      try workbench.store.save(facts, ofDevice: device.name)
      return facts
    }
    output.show(outcomes, as: Self.listing, empty: "", on: terminal)
    return .gravest(of: outcomes.compactMap(\.problem))
  }

  private static var listing: Listing<FleetTask.Outcome<Facts>> {
    Listing()
      .text("name", "NAME") { $0.device.name }
      .text("state", "STATE") { outcome in
        switch outcome.problem?.status {
        case nil: "ok"
        case .integrity: "host key refused"
        case .partial: "unreachable"
        default: "failed"
        }
      }
      .text("architecture", "ARCH") { $0.value?.architecture }
      .text("agentVersion", "AGENT") { outcome in
        outcome.value.flatMap { $0.agentVersion.isEmpty ? nil : $0.agentVersion }
      }
      .text("deviceClass", "CLASS") { outcome in
        outcome.value.flatMap { $0.deviceClass.isEmpty ? nil : $0.deviceClass }
      }
      .column("freeDisk", "FREE", { .optional($0.value?.freeDisk) }) { outcome in
        outcome.value.flatMap { $0.freeDisk > 0 ? Units.bytes($0.freeDisk) : nil } ?? "-"
      }
      .text("problem", nil) { $0.problem?.message }
  }
}
