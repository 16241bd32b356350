import AgentProtocol
import Rollout
import Store
import Testing

struct RolloutStoreTests {
  static func plan(epoch: UInt64) throws -> RolloutPlan {
    try RolloutPlan(
      variant: Samples.new, epoch: Epoch(epoch),
      targets: [.init(name: "pi-01", previous: Samples.old)])
  }

  @Test func plansEventsAndOutcomesAreKept() async throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    let plan = try Self.plan(epoch: 1)
    let id = try store.createRollout(plan)
    let journal = store.journal(of: id)
    #expect(try await journal.events().isEmpty)
    let events: [RolloutEvent] = [
      .started, .staged(device: "pi-01"), .activated(device: "pi-01"),
      .measured(device: "pi-01", Evidence(predictions: 3, misses: 3)),
    ]
    try await journal.append(Array(events[..<2]))
    try await journal.append(Array(events[2...]))
    let again = try Store(path: folder.file("state.sqlite"))
    #expect(try await again.journal(of: id).events() == events)
    let record = try #require(try again.latestRollout())
    #expect(record.plan == plan && record.ended == nil && record.outcome == nil)
    let snapshot = try again.snapshot(ofRollout: record)
    #expect(snapshot.phase == .reversing)
    try again.finishRollout(id, outcome: .rolledBack, finding: snapshot.finding)
    let ended = try #require(try store.rollout(id))
    #expect(ended.outcome == .rolledBack && ended.finding == snapshot.finding)
    #expect(ended.ended != nil)
  }

  @Test func epochsGrowPastEverythingThatWasSeen() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    #expect(try store.nextEpoch() == Epoch(1))
    _ = try store.createRollout(Self.plan(epoch: 1))
    #expect(try store.nextEpoch() == Epoch(2))
    // A device has obeyed another workspace before.
    #expect(try store.nextEpoch(after: Epoch(40)) == Epoch(41))
    #expect(throws: StoreError.self) { try store.createRollout(Self.plan(epoch: 1)) }
  }

  @Test func theSecondControllerStopsTheFirst() async throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    let id = try store.createRollout(Self.plan(epoch: 1))
    let first = store.journal(of: id)
    let second = store.journal(of: id)
    _ = try await first.events()
    _ = try await second.events()
    try await first.append([.started])
    await #expect(throws: StoreError.overtaken(rollout: id)) {
      try await second.append([.started])
    }
    #expect(try await second.events() == [.started])
    try await second.append([.resumed])
    await #expect(throws: StoreError.overtaken(rollout: id)) {
      try await first.append([.staged(device: "pi-01")])
    }
  }
}
