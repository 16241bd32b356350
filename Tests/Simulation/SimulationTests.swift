import Rollout
import Testing

struct SimulationTests {
  @Test func aGoodVariantReachesEveryDevice() {
    var simulator = Simulator(plan: Fleet.plan(10), devices: Fleet.devices(10), seed: 1)
    simulator.run()
    #expect(simulator.outcome == .promoted)
    Invariants(simulator: simulator).check()
  }

  @Test(arguments: [
    SimulatedDevice.Character(latency: 3_000_000), .init(stalls: 0.2), .init(crashesAt: 7),
    .init(failsToStart: true), .init(rightOfHundred: 60),
    .init(refusesStaging: .quarantined("it failed three times")),
  ])
  func aBrokenCanaryTouchesOnlyTheCanary(_ character: SimulatedDevice.Character) {
    let devices = Fleet.devices(40) { _ in character }
    let gate = GateTerms(accuracyFloor: 900)
    var simulator = Simulator(
      plan: Fleet.plan(40, canary: .devices(2), gate: gate), devices: devices, seed: 2)
    simulator.run()
    #expect(simulator.outcome == .rolledBack)
    let touched = simulator.devices.filter(\.value.everActivated).keys
    #expect(touched.allSatisfy { ["d0", "d1"].contains($0) })
    Invariants(simulator: simulator).check()
  }

  @Test func aDeviceThatTakesSecondsIsFoundOutAfterAHandfulOfPredictions() throws {
    let devices = Fleet.devices(4) { _ in .init(latency: 3_000_000) }
    var simulator = Simulator(plan: Fleet.plan(4), devices: devices, seed: 3)
    simulator.run()
    let evidence = try #require(simulator.machine.finding?.evidence)
    #expect(evidence.misses <= 5)
    #expect(simulator.now < .seconds(60))
    guard case .tooSlow = simulator.machine.finding?.reason else {
      Issue.record("found \(String(describing: simulator.machine.finding))")
      return
    }
  }

  @Test func aDeviceThatBreaksInTheLastWaveTakesTheWholeFleetBack() {
    let devices = Fleet.devices(20) { $0 == 19 ? .init(crashesAt: 250) : .init() }
    var simulator = Simulator(plan: Fleet.plan(20), devices: devices, seed: 4)
    simulator.run()
    #expect(simulator.outcome == .rolledBack)
    #expect(simulator.machine.finding?.device == "d19")
    #expect(simulator.devices.values.allSatisfy { $0.active == Fleet.old })
    Invariants(simulator: simulator).check()
  }

  @Test func silenceIsNotSuccess() {
    var devices = Fleet.devices(4)
    // Reachable while it is staged and activated, silent from then on.
    devices["d0"]?.outages = [.seconds(3)..<Duration.seconds(1_000_000)]
    var simulator = Simulator(plan: Fleet.plan(4), devices: devices, seed: 5)
    simulator.run()
    #expect(simulator.outcome == .rolledBack)
    #expect(simulator.machine.finding?.isInconclusive == true)
    #expect(simulator.machine.record(of: "d0")?.debt == .revert)
    simulator.rest(.seconds(600))
    #expect(simulator.devices["d0"]?.active == Fleet.old, "the dead-man takes it back alone")
    Invariants(simulator: simulator).check()
  }

  @Test func aDeviceThatWasNeverReachedIsSkippedAndTriedAgainLater() {
    var devices = Fleet.devices(8)
    devices["d0"]?.outages = [.zero..<Duration.seconds(5_000)]
    devices["d5"]?.outages = [.zero..<Duration.seconds(5_000)]
    var simulator = Simulator(plan: Fleet.plan(8), devices: devices, seed: 6)
    simulator.run()
    #expect(simulator.outcome == .partial)
    #expect(simulator.machine.record(of: "d0")?.state == .unreachable)
    #expect(simulator.devices["d0"]?.everActivated == false)
    Invariants(simulator: simulator).check()
    simulator.rest(.seconds(5_000))
    simulator.run()
    #expect(simulator.outcome == .promoted)
    Invariants(simulator: simulator).check()
  }

  @Test func aReversalThatIsOwedIsPaidAfterwards() {
    var devices = Fleet.devices(6) { $0 == 5 ? .init(latency: 2_000_000) : .init() }
    var deadlines = Deadlines()
    deadlines.deadMan = 100_000_000
    devices["d1"]?.outages = [.seconds(15)..<Duration.seconds(9_000)]
    var simulator = Simulator(
      plan: Fleet.plan(6, wave: .percent(100), deadlines: deadlines), devices: devices, seed: 7)
    simulator.run()
    #expect(simulator.outcome == .rolledBack)
    #expect(simulator.machine.record(of: "d1")?.debt == .revert)
    #expect(simulator.devices["d1"]?.active == Fleet.new)
    simulator.rest(.seconds(9_000))
    simulator.run()
    #expect(simulator.devices["d1"]?.active == Fleet.old)
    #expect(simulator.machine.record(of: "d1")?.state == .reverted)
    Invariants(simulator: simulator).check()
  }

  @Test func aPersonMayTakeItBackWhileItRunsAndAfterItEnded() {
    var running = Simulator(plan: Fleet.plan(12), devices: Fleet.devices(12), seed: 8)
    running.rollBack(at: .seconds(12), reason: "stopped by the operator")
    running.run()
    #expect(running.outcome == .rolledBack)
    #expect(running.devices.values.contains { $0.everActivated })
    Invariants(simulator: running).check()

    var ended = Simulator(plan: Fleet.plan(12), devices: Fleet.devices(12), seed: 8)
    ended.run()
    #expect(ended.outcome == .promoted)
    ended.run(.stopRequested(reason: "not wanted any more"))
    #expect(ended.outcome == .rolledBack)
    #expect(ended.devices.values.allSatisfy { $0.active == Fleet.old })
    Invariants(simulator: ended).check()
  }

  /// 0.9 s a prediction: the rollout lasts many dead-man times.
  @Test func heartbeatsKeepEveryTrialAlive() {
    var deadlines = Deadlines()
    deadlines.deadMan = 30_000
    let devices = Fleet.devices(12) { _ in .init(latency: 900_000) }
    var simulator = Simulator(
      plan: Fleet.plan(12, deadlines: deadlines), devices: devices, seed: 9, forks: 2)
    simulator.run()
    #expect(simulator.outcome == .promoted)
    #expect(simulator.now > .seconds(1_000))
    #expect(simulator.machine.records.allSatisfy { $0.trials == 1 }, "a dead-man time passed")
    Invariants(simulator: simulator).check()
  }

  @Test func aDeviceThatFailsAfterItPassedTakesTheFleetBack() {
    let devices = Fleet.devices(12) {
      .init(latency: 900_000, diesAt: $0 == 0 ? .seconds(500) : nil)
    }
    var simulator = Simulator(plan: Fleet.plan(12), devices: devices, seed: 10)
    simulator.run()
    #expect(simulator.outcome == .rolledBack)
    #expect(simulator.machine.finding?.device == "d0")
    #expect(simulator.now < .seconds(1_000), "it was noticed long after")
    #expect(simulator.devices.values.allSatisfy { $0.active == Fleet.old })
    Invariants(simulator: simulator).check()
  }

  /// The controller was away for longer than the dead-man time: what it finds reverted is put on
  /// trial again, as the devices did nothing wrong.
  @Test func trialsThatEndedForWantOfAWordAreBegunAgain() {
    var deadlines = Deadlines()
    deadlines.deadMan = 30_000
    var simulator = Simulator(
      plan: Fleet.plan(8, deadlines: deadlines), devices: Fleet.devices(8), seed: 11)
    simulator.downtime = .seconds(120)
    simulator.kill(afterEvents: [20])
    simulator.run()
    #expect(simulator.outcome == .promoted)
    #expect(simulator.machine.records.contains { $0.trials == 2 })
    Invariants(simulator: simulator).check()
  }

  @Test func aControllerThatCannotKeepTheDeadManTimeGivesUp() {
    var deadlines = Deadlines()
    deadlines.deadMan = 30_000
    var simulator = Simulator(
      plan: Fleet.plan(4, deadlines: deadlines), devices: Fleet.devices(4), seed: 12)
    simulator.downtime = .seconds(60)
    simulator.kill(afterEvents: Set(stride(from: 4, to: 400, by: 5)))
    simulator.run()
    #expect(simulator.outcome == .rolledBack)
    #expect(simulator.machine.finding?.isInconclusive == true)
    Invariants(simulator: simulator).check()
  }
}
