import AgentProtocol
import Encoding
import Foundation
import Rollout
import Testing

struct PlanTests {
  @Test(arguments: [
    ("1", FleetShare.devices(1)), ("25%", .percent(25)), ("100%", .percent(100)),
  ])
  func sharesAreReadAndWritten(_ text: String, _ share: FleetShare) {
    #expect(FleetShare(parsing: text) == share)
    #expect(share.description == text)
  }

  @Test(arguments: ["", "0", "-1", "0%", "101%", "x", "%", "1.5", "5 %"])
  func badSharesAreRefused(_ text: String) {
    #expect(FleetShare(parsing: text) == nil)
  }

  @Test func sharesCountAtLeastOneAndAtMostAll() {
    #expect(FleetShare.percent(1).count(of: 3) == 1)
    #expect(FleetShare.percent(25).count(of: 10) == 3)
    #expect(FleetShare.devices(9).count(of: 4) == 4)
  }

  @Test func badPlansAreRefused() {
    let target = RolloutPlan.Target(name: "a", previous: nil)
    func plan(
      _ targets: [RolloutPlan.Target], epoch: UInt64 = 1, gate: GateTerms = GateTerms()
    ) throws -> RolloutPlan {
      try RolloutPlan(
        variant: DriverTests.new, epoch: Epoch(epoch), targets: targets, gate: gate)
    }
    #expect(throws: RolloutPlanError.noDevices) { try plan([]) }
    #expect(throws: RolloutPlanError.namedTwice("a")) { try plan([target, target]) }
    #expect(throws: RolloutPlanError.self) { try plan([target], epoch: 0) }
    #expect(throws: RolloutPlanError.self) { try plan([target], gate: GateTerms(quantile: 1)) }
    #expect(throws: RolloutPlanError.self) { try plan([target], gate: GateTerms(budget: 0)) }
    #expect(throws: RolloutPlanError.self) {
      try plan([target], gate: GateTerms(accuracyFloor: 1_001))
    }
  }

  @Test func plansAndEventsSurviveJSON() throws {
    let plan = try RolloutPlan(
      variant: DriverTests.new, epoch: Epoch(7),
      targets: [.init(name: "a", previous: DriverTests.old, previousAccuracy: 970)],
      canary: .percent(10), gate: GateTerms(accuracyFloor: 900))
    let events: [RolloutEvent] = [
      .started, .staged(device: "a"), .measured(device: "a", Evidence(predictions: 3, misses: 1)),
      .observed(device: "a", .revertedItself("signal 9")),
      .faulted(device: "a", .quarantined("three times")), .stopRequested(reason: "enough"),
    ]
    let encoder = JSONEncoder()
    let decoder = JSONDecoder()
    #expect(try decoder.decode(RolloutPlan.self, from: encoder.encode(plan)) == plan)
    #expect(try decoder.decode([RolloutEvent].self, from: encoder.encode(events)) == events)
  }

  @Test func devicesThatRunTheVariantAlreadyAreLeftAlone() throws {
    let plan = try RolloutPlan(
      variant: DriverTests.new, epoch: Epoch(1),
      targets: [
        .init(name: "a", previous: DriverTests.new), .init(name: "b", previous: DriverTests.old),
      ])
    var machine = RolloutMachine(plan: plan)
    #expect(machine.handle(.started) == [.stage(device: "b")])
    #expect(machine.record(of: "a")?.state == .committed)
    #expect(machine.record(of: "a")?.isTouched == false)
    #expect(machine.handle(.stopRequested(reason: "stop")) == [.finish(.rolledBack)])
  }
}
