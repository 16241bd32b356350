import AgentProtocol
import Store
import Testing

struct TelemetryTests {
  static let key = DeviceKey(name: "pi-01", installation: Samples.installation)

  static func summary(
    _ store: Store, since: UInt64? = nil, budget: UInt64 = 1_000_000
  ) throws -> DeviceSummary {
    try store.summaries(of: [key], since: since, budget: budget)[0]
  }

  @Test func collectingTwiceStoresOnce() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    let batch = Samples.batch((1...100).map { Samples.prediction(UInt64($0) * 1_000) })
    let first = try store.ingest(batch, installation: Samples.installation)
    #expect(first == IngestResult(stored: 100, skipped: 0, upTo: .init(boot: 1, sequence: 100)))
    let before = try Self.summary(store)
    let second = try store.ingest(batch, installation: Samples.installation)
    #expect(second == IngestResult(stored: 0, skipped: 100, upTo: .init(boot: 1, sequence: 100)))
    #expect(try Self.summary(store).predictions == before.predictions)
    // A batch that begins before and ends after what is known.
    let overlap = Samples.batch(
      (1...20).map { _ in Samples.prediction(5_000) }, from: 91)
    #expect(try store.ingest(overlap, installation: Samples.installation).stored == 10)
    #expect(try Self.summary(store).predictions == 110)
    #expect(try store.position(Samples.installation) == .init(boot: 1, sequence: 110))
  }

  @Test func anEmptyJournalHasNoPosition() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    #expect(try store.position(Samples.installation) == nil)
    let none = try store.ingest(
      TelemetryBatch(records: [], hasMore: false), installation: Samples.installation)
    #expect(none == IngestResult(stored: 0, skipped: 0, upTo: nil))
  }

  @Test func quantilesAreExact() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    let events = (1...1_000).map { Samples.prediction(UInt64($0) * 1_001) }
    _ = try store.ingest(Samples.batch(events.shuffled()), installation: Samples.installation)
    let summary = try Self.summary(store)
    #expect(summary.predictions == 1_000)
    #expect(summary.p50 == 500 * 1_001)
    #expect(summary.p95 == 950 * 1_001)
    #expect(summary.p99 == 990 * 1_001)
    #expect(summary.worst == 1_000 * 1_001)
    #expect(summary.misses == 1, "1000 x 1.001 ms is the only one over a second")
    #expect(summary.isExact)
  }

  @Test func everyKindOfRecordIsCounted() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    let events: [TelemetryEvent] = [
      .started(agentVersion: "0.1", starts: 1),
      Samples.prediction(1_000, source: .probe, label: 1, expected: 1),
      Samples.prediction(1_000, source: .probe, label: 0, expected: 1),
      Samples.prediction(1_000, label: 2),
      .failure(variant: Samples.new, source: .sensor, reason: "signal 9"),
      .feedback(
        prediction: .init(boot: 1, sequence: 4), variant: Samples.new, predicted: 2, label: 0),
      .feedback(
        prediction: .init(boot: 1, sequence: 4), variant: Samples.new, predicted: 2, label: 2),
      .feedback(
        prediction: .init(boot: 0, sequence: 4), variant: nil, predicted: nil, label: 2),
      .memory(daemon: 1_000, model: 2_000), .memory(daemon: 1_500, model: 2_500), .gap(count: 7),
      .reverted(from: Samples.new, to: Samples.old, reason: "out of memory"),
      .reverted(from: Samples.new, to: Samples.old, reason: "controller: not wanted"),
      .quarantined(variant: Samples.new), .committed(variant: Samples.old),
    ]
    _ = try store.ingest(
      Samples.batch(events), installation: Samples.installation, receivedAt: Samples.noon + 1)
    let summary = try Self.summary(store)
    #expect(summary.predictions == 3)
    #expect((summary.probed, summary.probedCorrect) == (2, 1))
    #expect((summary.judged, summary.judgedCorrect) == (1, 1), "the later label counts")
    #expect(summary.failures == 1 && summary.newestFailure == "signal 9")
    #expect(summary.daemonMemory == 1_500 && summary.modelMemory == 2_500)
    #expect(summary.lost == 7)
    #expect(summary.reversals == 1, "the controller's own reversal is not the device's")
    #expect(summary.collected == Samples.noon + 1)
  }

  @Test func sinceAndVariantNarrowWhatIsCounted() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    _ = try store.ingest(
      Samples.batch(
        [Samples.prediction(1), Samples.prediction(1, variant: Samples.old)],
        at: Samples.noon), installation: Samples.installation)
    _ = try store.ingest(
      Samples.batch([Samples.prediction(9)], from: 3, at: Samples.noon + 5_000),
      installation: Samples.installation)
    #expect(try Self.summary(store, since: Samples.noon + 1).predictions == 1)
    let old = try store.summaries(of: [Self.key], variant: Samples.old, budget: 1)
    #expect(old[0].predictions == 1)
    let unknown = try store.summaries(of: [Self.key], variant: Samples.digest(77), budget: 1)
    #expect(unknown[0].predictions == 0)
  }

  @Test func aClockThatCannotBeRightGivesWayToOurs() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    // A Pi that has just started without a network believes in 1970.
    _ = try store.ingest(
      Samples.batch([Samples.prediction(1)], at: 60_000), installation: Samples.installation,
      receivedAt: Samples.noon)
    #expect(try Self.summary(store, since: Samples.noon).predictions == 1)
  }

  @Test func oldPredictionsAreFoldedWithinOnePercent() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    let latencies = (1...25_000).map { UInt64($0) * 40 }
    for (index, chunk) in latencies.chunked(5_000).enumerated() {
      let events = chunk.map {
        Samples.prediction($0, source: .probe, label: 1, expected: $0 % 80 == 0 ? 1 : 0)
      }
      let batch = Samples.batch(events, from: UInt64(index * 5_000 + 1))
      _ = try store.ingest(batch, installation: Samples.installation)
      // Folded or not, it is known.
      #expect(try store.ingest(batch, installation: Samples.installation).stored == 0)
    }
    let summary = try Self.summary(store, budget: 500_000)
    #expect(!summary.isExact)
    #expect(summary.predictions == 25_000)
    #expect((summary.probed, summary.probedCorrect) == (25_000, 12_500))
    #expect(summary.worst == 1_000_000)
    for (share, value) in [(0.5, summary.p50), (0.95, summary.p95), (0.99, summary.p99)] {
      let exact = share * 1_000_000
      #expect(abs(Double(value) - exact) <= 0.011 * exact)
    }
    #expect(abs(summary.misses - 12_500) <= 260)
  }
}

extension Array {
  fileprivate func chunked(_ count: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: self.count, by: count).map { self[$0..<Swift.min($0 + count, self.count)] }
  }
}
