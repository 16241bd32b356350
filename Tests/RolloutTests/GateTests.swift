import Testing

@testable import Rollout

struct GateTests {
  static func gate(
    floor: Int? = nil, drop: Int? = nil, previous: Int? = nil, failures: Int = 0
  ) -> Gate {
    Gate(
      terms: GateTerms(
        accuracyFloor: floor, accuracyDrop: drop, maximumFailures: failures),
      previousAccuracy: previous, hasProbeSet: true)
  }

  static func evidence(
    _ predictions: Int, misses: Int = 0, correct: Int? = nil
  ) -> Evidence {
    Evidence(
      predictions: predictions, misses: misses, probed: predictions,
      probedCorrect: correct ?? predictions)
  }

  @Test func threeHundredCleanOnesPassAndTheBoundIsStated() {
    guard case .passed(let bound) = Self.gate().judge(Self.evidence(300)) else {
      Issue.record("not passed")
      return
    }
    #expect(bound < 0.01 && bound > 0.0099)
    #expect(Self.gate().judge(Self.evidence(299)) == .needsMore(predictions: 1))
  }

  @Test func noDataIsNoPass() {
    #expect(Self.gate().judge(Evidence()) == .needsMore(predictions: 300))
    let reason = Self.gate().findingAtDeadline(Evidence(), detail: "silent")
    #expect(reason == .missingData(predictions: 0, needed: 300, detail: "silent"))
  }

  @Test func oneMissAsksForMoreAndThenPasses() {
    #expect(Self.gate().judge(Self.evidence(300, misses: 1)) == .needsMore(predictions: 173))
    guard case .passed = Self.gate().judge(Self.evidence(473, misses: 1)) else {
      Issue.record("not passed")
      return
    }
  }

  @Test func whatCannotBeShownWithinTheMaximumIsInconclusive() {
    let verdict = Self.gate().judge(Self.evidence(1_000, misses: 9))
    guard case .broken(.inconclusive(9, 1_000, let bound, _)) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(bound > 0.01)
  }

  @Test func recordsLostOnTheDeviceCountAgainstTheBoundButAreNoEvidenceOfSlowness() {
    var evidence = Self.evidence(300)
    evidence.lost = 2
    guard case .needsMore = Self.gate().judge(evidence) else {
      Issue.record("lost records were taken for good ones")
      return
    }
    evidence.lost = 40
    guard case .broken(.inconclusive) = Self.gate().judge(evidence) else {
      Issue.record("lost records were taken for slow ones")
      return
    }
  }

  @Test func oneSlowFirstPredictionIsNoVerdict() {
    #expect(
      Self.gate().judge(Self.evidence(1, misses: 1))
        != .broken(.failures(count: 0, allowed: 0, reasons: [])))
    guard case .needsMore = Self.gate().judge(Self.evidence(2, misses: 2)) else {
      Issue.record("two slow predictions made a verdict")
      return
    }
    guard case .broken(.tooSlow) = Self.gate().judge(Self.evidence(3, misses: 3)) else {
      Issue.record("three of three are not clear")
      return
    }
  }

  @Test func accuracyIsHeldAgainstTheFloorAndThePreviousVariant() {
    let floor = Self.gate(floor: 950)
    guard case .passed = floor.judge(Self.evidence(300, correct: 285)) else {
      Issue.record("95.0% is not below 95%")
      return
    }
    #expect(
      floor.judge(Self.evidence(300, correct: 284))
        == .broken(.belowFloor(correct: 284, of: 300, floor: 950)))
    let drop = Self.gate(drop: 10, previous: 990)
    guard case .passed = drop.judge(Self.evidence(300, correct: 294)) else {
      Issue.record("98.0% is one point below 99.0%")
      return
    }
    #expect(
      drop.judge(Self.evidence(300, correct: 293))
        == .broken(.worseThanPrevious(correct: 293, of: 300, previous: 990, allowed: 10)))
  }

  @Test func sensorsAloneNeverSatisfyAnAccuracyFloor() {
    let gate = Self.gate(floor: 900)
    let evidence = Evidence(predictions: 5_000)
    #expect(gate.judge(evidence) == .needsMore(predictions: 300))
  }

  @Test func failuresAndReversalsBreakIt() {
    var evidence = Self.evidence(300)
    evidence.failures = 1
    evidence.failureReasons = ["signal 9"]
    #expect(
      Self.gate().judge(evidence)
        == .broken(.failures(count: 1, allowed: 0, reasons: ["signal 9"])))
    guard case .needsMore = Self.gate(failures: 1).judge(evidence) else {
      Issue.record("an allowed failure still counts as a violation of the budget")
      return
    }
    evidence.failures = 0
    evidence.reversals = ["out of memory"]
    #expect(Self.gate().judge(evidence) == .broken(.revertedItself("out of memory")))
  }

  @Test func findingsAreSentencesWithTheirNumbers() {
    let finding = Finding(
      device: "pi-03",
      reason: .tooSlow(
        violations: 4, predictions: 4, budget: 1_000_000, limit: 1 - 0.99, factor: 2e7))
    #expect(
      finding.description
        == "pi-03: 4 of 4 predictions broke the budget of 1 s; the odds against a rate of at most 1% "
        + "are more than a million to 1")
    let floor = Finding(device: "pi-1", reason: .belowFloor(correct: 284, of: 300, floor: 950))
    #expect(
      floor.description
        == "pi-1: 284 of 300 probe windows were right (94.7%), below the floor of 95%")
  }
}
