import AgentProtocol
import Encoding
import Testing

@testable import DeviceAgent

private let a = Digest(hex: String(repeating: "a", count: 64))!
private let b = Digest(hex: String(repeating: "b", count: 64))!
private let c = Digest(hex: String(repeating: "c", count: 64))!
private let terms = TrialTerms(
  budget: 1000, accuracyFloor: 900, deadMan: 60_000, hangLimit: 5_000_000)

/// Slots on which `variants` were committed one after the other, in epochs 1, 2, ...
private func slots(committed variants: Digest...) -> Slots {
  var slots = Slots()
  for (index, variant) in variants.enumerated() {
    let epoch = Epoch(UInt64(index + 1))
    _ = slots.handle(.staged(variant, epoch: epoch))
    _ = slots.handle(.activate(variant, terms: terms, epoch: epoch))
    _ = slots.handle(.commit(variant, epoch: epoch))
  }
  return slots
}

/// The same with `variant` on trial in epoch 9.
private func slots(committed: Digest, onTrial variant: Digest) -> Slots {
  var slots = slots(committed: committed)
  _ = slots.handle(.staged(variant, epoch: Epoch(9)))
  _ = slots.handle(.activate(variant, terms: terms, epoch: Epoch(9)))
  return slots
}

private func reason(_ effects: [SlotEffect]) -> Refusal.Reason? {
  for case .refuse(let refusal) in effects { return refusal.reason }
  return nil
}

@Suite struct SlotsTests {
  @Test func trialRunsTheNewVariantAndPinsTheOld() {
    var slots = slots(committed: a)
    #expect(slots.handle(.staged(b, epoch: Epoch(2))) == [.prune, .done])
    let effects = slots.handle(.activate(b, terms: terms, epoch: Epoch(2)))
    #expect(effects == [.record(.activated(variant: b, epoch: Epoch(2))), .run(b), .done])
    #expect(slots.state.phase == .onTrial)
    #expect(slots.state.active == b)
    #expect(Set(slots.state.pinned) == [a, b])
  }

  @Test func commitKeepsThePreviousForALaterRollback() {
    var slots = slots(committed: a, b)
    #expect(slots.state.phase == .committed)
    #expect(slots.state.previous == a)
    let effects = slots.handle(.revert(reason: "operator", epoch: Epoch(3)))
    #expect(effects.contains(.run(a)))
    #expect(effects.last == .done)
    #expect(slots.state.active == a)
    #expect(slots.state.previous == nil)
  }

  @Test func revertRestoresWhatWasThereBefore() {
    var slots = slots(committed: a, b)
    let before = slots.state
    _ = slots.handle(.staged(c, epoch: Epoch(3)))
    _ = slots.handle(.activate(c, terms: terms, epoch: Epoch(3)))
    let effects = slots.handle(.revert(reason: "too slow", epoch: Epoch(3)))
    #expect(effects.contains(.record(.reverted(from: c, to: b, reason: "too slow"))))
    #expect(slots.state.active == before.active)
    #expect(slots.state.previous == before.previous)
    #expect(slots.state.lastReversal == "too slow")
  }

  @Test func firstVariantRevertsToNone() {
    var slots = Slots()
    _ = slots.handle(.staged(a, epoch: Epoch(1)))
    _ = slots.handle(.activate(a, terms: terms, epoch: Epoch(1)))
    let effects = slots.handle(.revert(reason: "no", epoch: Epoch(1)))
    #expect(effects.contains(.run(nil)))
    #expect(slots.state.phase == .empty)
  }

  @Test func commandsSentTwiceDoNothingTwice() {
    var slots = slots(committed: a, onTrial: b)
    let onTrial = slots.state
    #expect(slots.handle(.activate(b, terms: terms, epoch: Epoch(9))) == [.done])
    #expect(slots.state == onTrial)
    _ = slots.handle(.commit(b, epoch: Epoch(9)))
    let committed = slots.state
    #expect(slots.handle(.commit(b, epoch: Epoch(9))) == [.done])
    #expect(slots.handle(.activate(b, terms: terms, epoch: Epoch(9))) == [.done])
    #expect(slots.state == committed)
    _ = slots.handle(.revert(reason: "x", epoch: Epoch(10)))
    let reverted = slots.state
    #expect(reverted.active == a)
    #expect(slots.handle(.revert(reason: "x", epoch: Epoch(10))) == [.done])
    #expect(slots.state == reverted)
  }

  @Test func revertAfterTheDeviceRevertedByItselfDoesNotGoFurtherBack() {
    var slots = slots(committed: a, b)
    _ = slots.handle(.staged(c, epoch: Epoch(3)))
    _ = slots.handle(.activate(c, terms: terms, epoch: Epoch(3)))
    _ = slots.handle(.elapsed(milliseconds: 60_000))
    #expect(slots.state.active == b)
    #expect(slots.handle(.revert(reason: "gate", epoch: Epoch(3))) == [.done])
    #expect(slots.state.active == b)
  }

  @Test func olderEpochsAreRefusedAndTheOperatorsOwnIsNot() {
    var slots = slots(committed: a, onTrial: b)
    let before = slots.state
    for event: SlotEvent in [
      .staged(c, epoch: Epoch(8)), .activate(c, terms: terms, epoch: Epoch(8)),
      .commit(b, epoch: Epoch(8)), .revert(reason: "", epoch: Epoch(8)),
      .keepAlive(epoch: Epoch(8)),
    ] {
      #expect(reason(slots.handle(event)) == .staleEpoch)
      #expect(slots.state == before)
    }
    #expect(slots.handle(.revert(reason: "by hand", epoch: Epoch(0))).last == .done)
    #expect(slots.state.epoch == Epoch(9))
  }

  @Test func anotherVariantOfTheSameRolloutIsBusyAndOfANewerOneSupersedes() {
    var slots = slots(committed: a, onTrial: b)
    #expect(reason(slots.handle(.activate(c, terms: terms, epoch: Epoch(9)))) == .busy)
    _ = slots.handle(.staged(c, epoch: Epoch(10)))
    let effects = slots.handle(.activate(c, terms: terms, epoch: Epoch(10)))
    #expect(effects.contains(.run(c)))
    #expect(!effects.contains(.run(a)))
    #expect(slots.state.active == c)
    #expect(slots.state.trial?.fallback == a)
  }

  @Test func notStagedIsRefused() {
    var slots = slots(committed: a)
    #expect(reason(slots.handle(.activate(b, terms: terms, epoch: Epoch(2)))) == .notStaged)
    #expect(reason(slots.handle(.commit(b, epoch: Epoch(2)))) == .noTrial)
    #expect(reason(slots.handle(.revert(reason: "", epoch: Epoch(2)))) == .noTrial)
  }

  @Test func deadManTimeEndsATrialAndAWordOfTheControllerRenewsIt() {
    var slots = slots(committed: a, onTrial: b)
    _ = slots.handle(.elapsed(milliseconds: 59_999))
    #expect(slots.state.trial?.remaining == 1)
    _ = slots.handle(.keepAlive(epoch: Epoch(9)))
    #expect(slots.state.trial?.remaining == 60_000)
    #expect(slots.handle(.elapsed(milliseconds: 59_999)).isEmpty)
    let effects = slots.handle(.elapsed(milliseconds: 1))
    #expect(effects.contains(.run(a)))
    #expect(slots.state.lastReversal.contains("no word from the controller"))
    // Not the variant's fault.
    #expect(slots.state.failedTries.isEmpty)
  }

  @Test func probeBelowTheFloorReverts() {
    var slots = slots(committed: a, onTrial: b)
    #expect(slots.handle(.probed(b, predictions: 1000, correct: 900)).isEmpty)
    #expect(slots.handle(.probed(a, predictions: 1000, correct: 0)).isEmpty)
    #expect(slots.handle(.probed(b, predictions: 1000, correct: 899)).contains(.run(a)))
    #expect(slots.state.active == a)
  }

  @Test func failuresOfTheModelRevertATrialButNotACommittedVariant() {
    var slots = slots(committed: a, onTrial: b)
    for _ in 1..<Slots.failureLimit {
      #expect(slots.handle(.modelFailed(b, reason: "died")).isEmpty)
    }
    #expect(slots.handle(.modelFailed(b, reason: "died")).contains(.run(a)))
    for _ in 0..<10 { #expect(slots.handle(.modelFailed(a, reason: "died")).isEmpty) }
    #expect(slots.state.active == a)
  }

  @Test func threeFailedTriesQuarantine() {
    var slots = slots(committed: a)
    for attempt in 1...Slots.tryLimit {
      let epoch = Epoch(10 + attempt)
      #expect(slots.handle(.staged(b, epoch: epoch)).last == .done)
      #expect(slots.handle(.activate(b, terms: terms, epoch: epoch)).last == .done)
      _ = slots.handle(.probed(b, predictions: 10, correct: 0))
    }
    #expect(slots.state.quarantined == [b])
    #expect(!slots.state.pinned.contains(b))
    #expect(reason(slots.handle(.staged(b, epoch: Epoch(20)))) == .quarantined)
    #expect(reason(slots.handle(.activate(b, terms: terms, epoch: Epoch(20)))) == .quarantined)
  }

  @Test func startsInARowDuringATrialRevertIt() {
    var slots = slots(committed: a, onTrial: b)
    for _ in 1...Slots.startLimit {
      #expect(slots.handle(.started(bootIdentifier: "x")) == [.run(b), .prune])
    }
    #expect(slots.handle(.started(bootIdentifier: "x")).contains(.run(a)))
  }

  @Test func aDaemonThatStaysUpForgetsItsStarts() {
    var slots = slots(committed: a, onTrial: b)
    for _ in 0..<20 {
      _ = slots.handle(.started(bootIdentifier: "x"))
      _ = slots.handle(.keepAlive(epoch: Epoch(9)))
      _ = slots.handle(.elapsed(milliseconds: 30_000))
      _ = slots.handle(.keepAlive(epoch: Epoch(9)))
      _ = slots.handle(.elapsed(milliseconds: 30_000))
    }
    #expect(slots.state.active == b)
  }

  @Test func damagedFilesOfACommittedVariantFallBackToThePrevious() {
    var slots = slots(committed: a, b)
    #expect(slots.handle(.damaged(b, reason: "rot")).contains(.run(a)))
    #expect(slots.state.active == a)
    #expect(slots.handle(.damaged(a, reason: "rot")).isEmpty)
    #expect(slots.state.active == a)
  }

  @Test func startsAreCountedPerBootOfTheDevice() {
    var slots = Slots()
    _ = slots.handle(.started(bootIdentifier: "one"))
    _ = slots.handle(.started(bootIdentifier: "one"))
    #expect(slots.state.starts == 2)
    _ = slots.handle(.started(bootIdentifier: "two"))
    #expect(slots.state.starts == 1)
    #expect(slots.state.boot == 3)
  }

  @Test func theDeadManTimeAloneIsSavedSeldom() {
    var slots = slots(committed: a, onTrial: b)
    let saved = slots.state
    _ = slots.handle(.elapsed(milliseconds: 1000))
    #expect(!slots.needsSaving(after: saved))
    _ = slots.handle(.elapsed(milliseconds: 3000))
    #expect(slots.needsSaving(after: saved))
  }
}
