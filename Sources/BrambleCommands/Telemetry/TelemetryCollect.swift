import ArgumentParser
import Inventory
import SSH
import Store

struct TelemetryCollect: Command {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "Fetch the devices' journals into the store.",
    discussion: """
      What is stored is acknowledged, so that the device may drop it; what was fetched twice is
      stored once. Exit status 4 when some device could not be reached.

        bramble telemetry collect
        bramble telemetry collect tag:kitchen
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
    let outcomes = await task.run(on: devices, "collecting") { session, device in
      let agent = try await AgentConnection.open(over: session)
      try workbench.store.save(agent.facts, ofDevice: device.name)
      return try await TelemetryCollection.collect(from: agent, into: workbench.store)
    }
    output.show(outcomes, as: Self.listing, empty: "", on: terminal)
    return .gravest(of: outcomes.compactMap(\.problem))
  }

  private static var listing: Listing<FleetTask.Outcome<Int>> {
    Listing()
      .text("name", "NAME") { $0.device.name }
      .count("records", "NEW RECORDS") { $0.value }
      .text("problem", nil) { $0.problem?.message }
  }
}
