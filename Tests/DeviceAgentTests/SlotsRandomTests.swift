import AgentProtocol
import Encoding
import SeededRandom
import Testing

@testable import DeviceAgent

@Suite struct SlotsRandomTests {
  private static let variants = (1...4).map {
    Digest(hex: String(repeating: "\($0)", count: 64))!
  }

  private static func event(_ random: inout SeededRandom) -> SlotEvent {
    let variant = variants[Int(random.next(below: 4))]
    let epoch = Epoch(random.next(below: 6))
    let terms = TrialTerms(
      budget: 1, accuracyFloor: 500, deadMan: 1000 * random.next(below: 4), hangLimit: 0)
    switch random.next(below: 10) {
    case 0: return .started(bootIdentifier: "\(random.next(below: 3))")
    case 1, 2: return .staged(variant, epoch: epoch)
    case 3, 4: return .activate(variant, terms: terms, epoch: epoch)
    case 5: return .commit(variant, epoch: epoch)
    case 6: return .revert(reason: "r", epoch: epoch)
    case 7: return .elapsed(milliseconds: random.next(below: 900))
    case 8: return .modelFailed(variant, reason: "f")
    default:
      return .probed(variant, predictions: 10, correct: random.next(below: 10))
    }
  }

  /// After any history: what runs is pinned, the newest `.run` is what is active, refusals change nothing, the
  /// state survives its encoding and fits its record.
  @Test(arguments: 0..<40) func invariantsHoldAfterAnyHistory(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var slots = Slots()
    var running: Digest?
    for _ in 0..<400 {
      let before = slots
      let event = Self.event(&random)
      let effects = slots.handle(event)
      for case .run(let variant) in effects { running = variant }
      #expect(running == slots.state.active)
      if let active = slots.state.active { #expect(slots.state.pinned.contains(active)) }
      if let trial = slots.state.trial, let fallback = trial.fallback {
        #expect(slots.state.pinned.contains(fallback))
      }
      if effects.contains(where: { if case .refuse = $0 { true } else { false } }) {
        #expect(slots.state == before.state)
        #expect(effects.count == 1)
      }
      if let staged = slots.state.staged { #expect(!slots.state.quarantined.contains(staged)) }
      let bytes = slots.state.encoded()
      #expect(bytes.count < StateFile.recordSize - StateFile.headerSize)
      #expect(try SlotState(decoding: bytes) == slots.state)
    }
  }

  /// Killed between saving and acting, the next start asks for the same variant to run.
  @Test(arguments: 100..<120) func aStartAfterAKillRunsWhatTheStateSays(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var slots = Slots()
    for _ in 0..<300 {
      _ = slots.handle(Self.event(&random))
      var restarted = Slots(try SlotState(decoding: slots.state.encoded()))
      let effects = restarted.handle(.started(bootIdentifier: "next"))
      #expect(effects.contains(.run(restarted.state.active)))
      if restarted.state.trial != nil || slots.state.trial == nil {
        #expect(restarted.state.active == slots.state.active)
      }
    }
  }
}
