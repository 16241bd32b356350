import AgentProtocol
import Rollout
import Store
import Testing

struct EvidenceTests {
  static func evidence(
    _ events: [TelemetryEvent], epoch: UInt64 = 3
  ) throws -> Evidence {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    _ = try store.ingest(Samples.batch(events), installation: Samples.installation)
    return try store.evidence(
      installation: Samples.installation, variant: Samples.new, epoch: Epoch(epoch),
      budget: 1_000_000)
  }

  static let activated = TelemetryEvent.activated(variant: Samples.new, epoch: Epoch(3))

  @Test func onlyWhatCameAfterThisRolloutsActivationCounts() throws {
    let evidence = try Self.evidence([
      .activated(variant: Samples.new, epoch: Epoch(2)), Samples.prediction(9_000_000),
      .failure(variant: Samples.new, source: .sensor, reason: "earlier"), .gap(count: 5),
      Self.activated, Samples.prediction(1_000), Samples.prediction(3_000_000),
      Samples.prediction(2_000, source: .probe, label: 1, expected: 1),
      Samples.prediction(2_000, source: .probe, label: 0, expected: 1),
      Samples.prediction(7_000_000, variant: Samples.old), .gap(count: 2),
      .failure(variant: Samples.new, source: .probe, reason: "signal 11"),
    ])
    #expect(evidence.predictions == 4)
    #expect(evidence.misses == 1)
    #expect(evidence.failures == 1 && evidence.failureReasons == ["signal 11"])
    #expect(evidence.lost == 2)
    #expect((evidence.probed, evidence.probedCorrect) == (2, 1))
    #expect((evidence.p50, evidence.worst) == (2_000, 3_000_000))
  }

  @Test func withoutAnActivationThereIsNoEvidence() throws {
    let predictions = (1...400).map { _ in Samples.prediction(1_000) }
    #expect(try Self.evidence(predictions) == Evidence())
    #expect(try Self.evidence([Self.activated] + predictions, epoch: 4) == Evidence())
  }

  @Test func reversalsByTheDeviceCountAndOthersDoNot() throws {
    let evidence = try Self.evidence([
      Self.activated,
      .reverted(
        from: Samples.new, to: Samples.old, reason: "no word from the controller for 30 s"),
      Self.activated,
      .reverted(from: Samples.new, to: Samples.old, reason: "controller: taken back"),
      Self.activated,
      .reverted(from: Samples.new, to: Samples.old, reason: "the model failed 3 times: signal 9"),
    ])
    #expect(evidence.reversals == ["the model failed 3 times: signal 9"])
  }

  @Test func aSecondTrialInTheSameRolloutDoesNotForgetTheFirst() throws {
    let evidence = try Self.evidence([
      Self.activated, Samples.prediction(2_000_000), Self.activated, Samples.prediction(1_000),
    ])
    #expect((evidence.predictions, evidence.misses) == (2, 1))
  }
}
