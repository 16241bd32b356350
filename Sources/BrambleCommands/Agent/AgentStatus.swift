import ArgumentParser
import AgentProtocol
import Encoding
import Inventory
import Reports
import SSH
import Store

struct AgentStatus: Command {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Ask the agents which variant they run and how they stand.",
    discussion: """
        bramble agent status
        bramble agent status tag:kitchen -o json
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
    let names = try VariantNames(workbench.store)
    let outcomes = await task.run(on: devices, "asking") { session, device in
      let agent = try await AgentConnection.open(over: session)
      try workbench.store.save(agent.facts, ofDevice: device.name)
      return try await agent.status()
    }
    output.show(outcomes, as: Self.listing(names), empty: "", on: terminal)
    return .gravest(of: outcomes.compactMap(\.problem))
  }

  private static func listing(_ names: VariantNames) -> Listing<FleetTask.Outcome<DeviceStatus>> {
    func memory(_ key: String, _ title: String, _ value: @escaping (DeviceStatus) -> UInt64)
      -> (inout Listing<FleetTask.Outcome<DeviceStatus>>) -> Void
    {
      { listing in
        listing = listing.column(key, title, { .optional($0.value.map(value)) }) {
          $0.value.map { Units.bytes(value($0)) } ?? "-"
        }
      }
    }
    var listing = Listing<FleetTask.Outcome<DeviceStatus>>()
      .text("name", "NAME") { $0.device.name }
      .text("state", "STATE") { outcome in
        switch outcome.value?.phase {
        case .empty: "empty"
        case .committed: "committed"
        case .onTrial: "on trial"
        case nil: "no answer"
        }
      }
      .text("active", nil) { $0.value?.active?.hex }
      .text("activeName", "ACTIVE") { $0.value?.active.map(names.name) }
      .text("previous", nil) { $0.value?.previous?.hex }
      .text("previousName", "PREVIOUS") { $0.value?.previous.map(names.name) }
      .text("staged", nil) { $0.value?.staged?.hex }
      .list("quarantined", nil) { $0.value?.quarantined.map(\.hex) ?? [] }
      .count("epoch", "EPOCH") { $0.value?.epoch.number }
      .count("starts", "STARTS") { $0.value?.starts }
    memory("daemonMemory", "DAEMON", \.daemonMemory)(&listing)
    memory("modelMemory", "MODEL", \.modelMemory)(&listing)
    return
      listing
      .text("lastReversal", "LAST REVERSAL") { outcome in
        outcome.value.flatMap { $0.lastReversal.isEmpty ? nil : DeviceText($0.lastReversal).line }
      }
      .text("problem", nil) { $0.problem?.message }
  }
}
