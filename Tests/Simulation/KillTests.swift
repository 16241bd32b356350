import Rollout
import Testing

/// The controller dies after every single event, comes back, and the rollout ends the same way.
struct KillTests {
  struct Story: CustomTestStringConvertible {
    var name: String
    var outcome: RolloutOutcome
    var devices: [String: SimulatedDevice]
    var testDescription: String { name }
  }

  static let stories: [Story] = {
    var lonely = Fleet.devices(6)
    lonely["d3"]?.outages = [.zero..<Duration.seconds(100_000)]
    return [
      Story(name: "good", outcome: .promoted, devices: Fleet.devices(6)),
      Story(
        name: "slow in the last wave", outcome: .rolledBack,
        devices: Fleet.devices(6) { $0 == 5 ? .init(latency: 2_000_000) : .init() }),
      Story(
        name: "crashing canary", outcome: .rolledBack,
        devices: Fleet.devices(6) { $0 == 0 ? .init(crashesAt: 40) : .init() }),
      Story(name: "one unreachable", outcome: .partial, devices: lonely),
    ]
  }()

  @Test(arguments: stories, [Duration.seconds(5), .seconds(2_000)])
  func anyEventMayBeTheLast(_ story: Story, _ downtime: Duration) {
    var reference = Simulator(plan: Fleet.plan(6), devices: story.devices, seed: 11)
    reference.run()
    #expect(reference.outcome == story.outcome)
    for count in 1...reference.journal.count {
      var simulator = Simulator(plan: Fleet.plan(6), devices: story.devices, seed: 11)
      simulator.downtime = downtime
      simulator.kill(afterEvents: [count])
      simulator.run()
      #expect(simulator.outcome == story.outcome, "killed after event \(count)")
      #expect(
        simulator.devices.mapValues(\.active) == reference.devices.mapValues(\.active),
        "killed after event \(count)")
      #expect(simulator.machine.finding?.device == reference.machine.finding?.device)
      Invariants(simulator: simulator).check("killed after event \(count)")
    }
  }

  @Test func aControllerThatDiesAgainAndAgainGetsThereAllTheSame() {
    var simulator = Simulator(plan: Fleet.plan(6), devices: Fleet.devices(6), seed: 12)
    simulator.kill(afterEvents: Set(stride(from: 1, to: 150, by: 3)))
    simulator.run()
    #expect(simulator.outcome == .promoted)
    Invariants(simulator: simulator).check()
  }
}
