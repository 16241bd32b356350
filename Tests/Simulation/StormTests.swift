import Rollout
import SeededRandom
import Testing

/// Everything at once: bad devices, lost calls and answers, calls that arrive late, outages, and
/// a controller that dies at random. Nothing is expected but what must always hold.
struct StormTests {
  @Test(arguments: 1...60)
  func whateverHappensTheInvariantsHold(_ seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let count = Int.random(in: 1...30, using: &random)
    var devices = Fleet.devices(count) { _ in Self.character(&random) }
    for name in devices.keys.sorted() where random.unit() < 0.2 {
      let start = Double.random(in: 0...200, using: &random)
      let span = Double.random(in: 1...1_000, using: &random)
      devices[name]?.outages = [.seconds(start)..<Duration.seconds(start + span)]
    }
    var deadlines = Deadlines()
    deadlines.deadMan = random.unit() < 0.5 ? 30_000 : 300_000
    let plan = Fleet.plan(
      count, canary: .devices(Int.random(in: 1...3, using: &random)),
      gate: GateTerms(accuracyFloor: random.unit() < 0.5 ? 900 : nil), deadlines: deadlines)
    var simulator = Simulator(
      plan: plan, devices: devices, seed: UInt64(seed) + 1_000,
      forks: Int.random(in: 1...8, using: &random),
      weather: .init(lostAnswers: 0.05, lostCalls: 0.05, lateCalls: 0.02))
    simulator.downtime = .seconds(Double.random(in: 1...400, using: &random))
    simulator.kill(
      afterEvents: Set((0..<3).map { _ in Int.random(in: 1...100, using: &random) }))
    simulator.run()
    // Trials that no controller waits for end by themselves.
    simulator.rest(.milliseconds(deadlines.deadMan) + .seconds(5_000))
    Invariants(simulator: simulator).check("seed \(seed)")
    // Everything can be reached again: what is owed is paid.
    simulator.weather = .init()
    simulator.run()
    simulator.rest(.milliseconds(deadlines.deadMan))
    Invariants(simulator: simulator).check("seed \(seed), second run")
    #expect(simulator.machine.records.allSatisfy { $0.debt == nil }, "seed \(seed)")
  }

  private static func character(_ random: inout SeededRandom) -> SimulatedDevice.Character {
    switch random.unit() {
    case ..<0.88: .init(latency: UInt64.random(in: 1_000...200_000, using: &random))
    case ..<0.91: .init(latency: 3_000_000)
    case ..<0.93: .init(stalls: 0.05)
    case ..<0.95: .init(crashesAt: Int.random(in: 1...290, using: &random))
    case ..<0.97: .init(failsToStart: true)
    case ..<0.99: .init(rightOfHundred: 70)
    default: .init(refusesStaging: .refused("the disk is full"))
    }
  }

  @Test func fiveThousandDevicesInOneRollout() {
    let count = 5_000
    var random = SeededRandom(seed: 99)
    var devices = Fleet.devices(count)
    for index in 0..<count where random.unit() < 0.02 {
      devices["d\(index)"]?.outages = [.zero..<Duration.seconds(1_000_000)]
    }
    var simulator = Simulator(
      plan: Fleet.plan(count, canary: .devices(5)), devices: devices, seed: 100, forks: 64,
      weather: .init(lostAnswers: 0.001, lostCalls: 0.001, lateCalls: 0))
    simulator.run()
    #expect(simulator.outcome == .partial)
    Invariants(simulator: simulator).check()
    let reached = devices.values.count { $0.outages.isEmpty }
    #expect(simulator.machine.records.count { $0.state == .committed } == reached)
  }
}
