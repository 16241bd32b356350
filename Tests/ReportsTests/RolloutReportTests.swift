import AgentProtocol
import Encoding
import Reports
import Rollout
import Testing

struct RolloutReportTests {
  static func machine(_ events: [RolloutEvent]) throws -> RolloutMachine {
    let digests = try [1, 2].map { byte in
      try #require(Digest(bytes: [UInt8](repeating: byte, count: 32)))
    }
    let plan = try RolloutPlan(
      variant: digests[1], epoch: Epoch(1),
      targets: ["pi-01", "pi-02", "pi-03"].map { .init(name: $0, previous: digests[0]) })
    return RolloutMachine(plan: plan, replaying: events)
  }

  static let slow: [RolloutEvent] = [
    .started, .staged(device: "pi-01"), .activated(device: "pi-01"),
    .measured(
      device: "pi-01",
      Evidence(
        predictions: 4, misses: 4, probed: 4, probedCorrect: 4, p50: 3_000_000, p99: 3_100_000,
        worst: 3_100_000)),
  ]

  @Test func aRollbackTellsItsEvidence() throws {
    let snapshot = RolloutSnapshot(try Self.machine(Self.slow + [.reverted(device: "pi-01")]))
    #expect(
      RolloutReport.headline(snapshot)
        == "rolled back: pi-01: 4 of 4 predictions broke the budget of 1 s; the odds against a rate "
        + "of at most 1% are more than a million to 1")
    let lines = RolloutReport.table(snapshot).split(separator: "\n")
    #expect(lines[1].hasPrefix("pi-01   reverted            4       4  3000 ms"))
    #expect(lines[2] == "pi-02   pending")
  }

  @Test func whatIsOwedIsSaid() throws {
    let events = Self.slow + [.faulted(device: "pi-01", .unreachable("no route to host"))]
    let snapshot = RolloutSnapshot(try Self.machine(events))
    #expect(RolloutReport.headline(snapshot).contains("not heard of since: pi-01"))
    #expect(RolloutReport.table(snapshot).contains("owes revert: no route to host"))
  }

  @Test func progressNamesWhoIsWorkedOn() throws {
    let events: [RolloutEvent] = [
      .started, .staged(device: "pi-01"), .activated(device: "pi-01"),
      .measured(device: "pi-01", Evidence(predictions: 120)),
    ]
    let snapshot = RolloutSnapshot(try Self.machine(events))
    #expect(
      RolloutReport.progress(snapshot, needed: 300)
        == "canary: 2 pending, 1 on trial · pi-01 120/300")
  }

  @Test func jsonIsStable() throws {
    let snapshot = RolloutSnapshot(try Self.machine(Self.slow + [.reverted(device: "pi-01")]))
    let first = try JSONReport.text(RolloutDocument(snapshot))
    #expect(try JSONReport.text(RolloutDocument(snapshot)) == first)
    #expect(first.contains("\"outcome\" : \"rolledBack\""))
    #expect(first.contains("\"phase\" : \"ended\""))
    #expect(first.contains("\"verdict\" : \"pi-01: 4 of 4"))
  }
}
