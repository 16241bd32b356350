import AgentProtocol
import Encoding
import Rollout
import Testing

struct DriverTests {
  static let old = digest(1)
  static let new = digest(2)
  static let names = ["a", "b", "c", "d"]

  static func digest(_ byte: UInt8) -> Digest {
    guard let digest = Digest(bytes: [UInt8](repeating: byte, count: 32)) else {
      preconditionFailure("32 bytes are a digest")
    }
    return digest
  }

  static func plan(_ deadlines: Deadlines = Deadlines()) throws -> RolloutPlan {
    try RolloutPlan(
      variant: new, epoch: Epoch(1), targets: names.map { .init(name: $0, previous: old) },
      deadlines: deadlines)
  }

  @Test func runsARolloutToItsEnd() async throws {
    let fleet = MemoryFleet(Self.names, running: Self.old)
    let journal = MemoryJournal()
    let end = try await RolloutDriver(plan: Self.plan(), fleet: fleet, journal: journal).run()
    #expect(end.outcome == .promoted)
    #expect(end.count(.committed) == 4)
    for name in Self.names { #expect(await fleet.active(name) == Self.new) }
    #expect(end.devices.allSatisfy { ($0.record.bound ?? 1) <= 0.01 })
    let calls = await fleet.calls
    let canaryProbed = try #require(calls.lastIndex(of: "probe a"))
    let nextStaged = try #require(calls.firstIndex(of: "stage b"))
    #expect(canaryProbed < nextStaged, "the second wave began before the canary had passed")
    #expect(calls.firstIndex { $0.hasPrefix("commit") } ?? 0 > calls.lastIndex(of: "probe d") ?? 0)
  }

  @Test func aSlowDeviceTakesEveryoneBack() async throws {
    let fleet = MemoryFleet(Self.names, running: Self.old)
    await fleet.setLatency(3_000_000, of: "c")
    let end = try await RolloutDriver(
      plan: Self.plan(), fleet: fleet, journal: MemoryJournal()
    ).run()
    #expect(end.outcome == .rolledBack)
    #expect(end.finding?.device == "c")
    for name in Self.names { #expect(await fleet.active(name) == Self.old) }
    #expect(await !fleet.calls.contains("stage d"))
  }

  @Test func everyEventIsKeptBeforeAnythingIsDoneAboutIt() async throws {
    let whole = MemoryJournal()
    let fleet = MemoryFleet(Self.names, running: Self.old)
    _ = try await RolloutDriver(plan: Self.plan(), fleet: fleet, journal: whole).run()
    let count = await whole.kept.count
    for capacity in 0..<count {
      let fleet = MemoryFleet(Self.names, running: Self.old)
      let cut = MemoryJournal(capacity: capacity)
      await #expect(throws: MemoryJournal.Full.self) {
        try await RolloutDriver(plan: Self.plan(), fleet: fleet, journal: cut).run()
      }
      let kept = await cut.kept
      #expect(kept.count == capacity)
      if !kept.contains(.staged(device: "a")) {
        #expect(await fleet.active("a") == Self.old, "activated before 'staged' was kept")
      }
      // With room on the disk it goes on and ends as it would have.
      let end = try await RolloutDriver(
        plan: Self.plan(), fleet: fleet, journal: MemoryJournal(kept)
      ).run()
      #expect(end.outcome == .promoted, "cut after \(capacity) events")
      for name in Self.names { #expect(await fleet.active(name) == Self.new) }
    }
  }

  @Test func aStopWhileItRunsTakesEverythingBack() async throws {
    let fleet = MemoryFleet(Self.names, running: Self.old)
    await fleet.hang("probe b")
    let (reached, signal) = AsyncStream<Void>.makeStream()
    let driver = RolloutDriver(
      plan: try Self.plan(), fleet: fleet, journal: MemoryJournal(),
      progress: { snapshot in
        if snapshot.devices[0].record.state == .healthy { signal.finish() }
      })
    async let end = driver.run()
    for await _ in reached {}
    await driver.requestStop(reason: "stopped by the operator")
    let snapshot = try await end
    #expect(snapshot.outcome == .rolledBack)
    #expect(snapshot.finding?.reason == .requested("stopped by the operator"))
    for name in Self.names { #expect(await fleet.active(name) == Self.old) }
  }

  @Test func aCallThatNeverAnswersEndsAtItsDeadline() async throws {
    let fleet = MemoryFleet(Self.names, running: Self.old)
    await fleet.hang("stage b")
    var deadlines = Deadlines()
    deadlines.stage = 50
    let end = try await RolloutDriver(
      plan: Self.plan(deadlines), fleet: fleet, journal: MemoryJournal()
    ).run()
    #expect(end.outcome == .partial)
    #expect(await fleet.cancelled == ["stage b"])
    #expect(await fleet.active("b") == Self.old)
    #expect(end.unfinished.map(\.name) == ["b"])
  }

  @Test func cancellingLeavesARolloutThatCanBeTakenUpAgain() async throws {
    let fleet = MemoryFleet(Self.names, running: Self.old)
    await fleet.hang("stage b")
    let journal = MemoryJournal()
    let (reached, signal) = AsyncStream<Void>.makeStream()
    let driver = RolloutDriver(
      plan: try Self.plan(), fleet: fleet, journal: journal,
      progress: { snapshot in
        if snapshot.devices[0].record.state == .healthy { signal.finish() }
      })
    await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { _ = try await driver.run() }
      for await _ in reached {}
      group.cancelAll()
      await #expect(throws: CancellationError.self) { try await group.waitForAll() }
    }
    #expect(await fleet.active("a") == Self.new)
    await fleet.letGo("stage b")
    let end = try await RolloutDriver(plan: Self.plan(), fleet: fleet, journal: journal).run()
    #expect(end.outcome == .promoted)
  }

  @Test func aPromotedRolloutCanBeRolledBack() async throws {
    let fleet = MemoryFleet(Self.names, running: Self.old)
    let journal = MemoryJournal()
    _ = try await RolloutDriver(plan: Self.plan(), fleet: fleet, journal: journal).run()
    let end = try await RolloutDriver(
      plan: Self.plan(), fleet: fleet, journal: journal
    ).rollBack(reason: "not wanted")
    #expect(end.outcome == .rolledBack)
    for name in Self.names { #expect(await fleet.active(name) == Self.old) }
  }

  @Test func nothingNewIsBegunOnceTheGateIsBroken() async throws {
    let fleet = MemoryFleet(Self.names, running: Self.old)
    await fleet.setLatency(3_000_000, of: "b")
    let plan = try RolloutPlan(
      variant: Self.new, epoch: Epoch(1),
      targets: Self.names.map { .init(name: $0, previous: Self.old) }, wave: .percent(100))
    let end = try await RolloutDriver(
      plan: plan, fleet: fleet, journal: MemoryJournal(), forks: 1
    ).run()
    #expect(end.outcome == .rolledBack)
    let calls = await fleet.calls
    #expect(!calls.contains("stage c") && !calls.contains("stage d"))
  }

  /// Told to go back, a device that never began the trial would leave its good variant for an older one.
  @Test func aDeviceThatNeverBeganIsNotToldToGoBack() async throws {
    let fleet = MemoryFleet(["a"], running: Self.old)
    await fleet.hang("activate a")
    let (reached, signal) = AsyncStream<Void>.makeStream()
    let plan = try RolloutPlan(
      variant: Self.new, epoch: Epoch(1), targets: [.init(name: "a", previous: Self.old)])
    let driver = RolloutDriver(
      plan: plan, fleet: fleet, journal: MemoryJournal(),
      progress: { snapshot in
        if snapshot.devices[0].record.state == .staged { signal.finish() }
      })
    async let end = driver.run()
    for await _ in reached {}
    await driver.requestStop(reason: "stop")
    let snapshot = try await end
    #expect(snapshot.outcome == .rolledBack)
    #expect(snapshot.devices[0].record.state == .reverted)
    #expect(await !fleet.calls.contains("revert a"))
  }

  /// The first device is trusted for good already when the second turns out to have left.
  @Test func aDeviceThatLeftBeforeItsCommitTakesTheTrustedOnesBackToo() async throws {
    let fleet = MemoryFleet(Self.names, running: Self.old)
    await fleet.leave("b", at: "commit a")
    let end = try await RolloutDriver(
      plan: Self.plan(), fleet: fleet, journal: MemoryJournal(), forks: 1
    ).run()
    #expect(end.outcome == .rolledBack)
    #expect(end.finding?.reason == .revertedItself("signal 9"))
    #expect(await !fleet.calls.contains("commit b"))
    for name in Self.names { #expect(await fleet.active(name) == Self.old) }
  }
}
