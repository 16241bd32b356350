import Rollout
import SeededRandom
import Testing

/// Events in any order, as no driver would send them: the machine neither stops nor loses a device.
struct MachineFuzzTests {
  @Test(arguments: 1...200)
  func anyEventsInAnyOrder(_ seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let plan = Fleet.plan(5, canary: .devices(2), wave: .percent(50))
    var machine = RolloutMachine(plan: plan)
    var events: [RolloutEvent] = []
    var touched: Set<String> = []
    for _ in 0..<300 {
      let event = Self.event(&random)
      events.append(event)
      for effect in machine.handle(event) {
        if case .activate(let device) = effect { touched.insert(device) }
      }
      for (target, record) in zip(plan.targets, machine.records) {
        if touched.contains(target.name) { #expect(record.isTouched) }
        if record.state == .healthy, case .ended = machine.phase {
          Issue.record("\(target.name) is neither trusted nor taken back at the end")
        }
      }
      if case .ended(.promoted) = machine.phase {
        #expect(machine.records.allSatisfy { $0.state == .committed })
      }
      if case .ended(.rolledBack) = machine.phase {
        #expect(
          machine.records.allSatisfy {
            !$0.isTouched || $0.debt == .revert
              || [.reverted, .quarantined].contains($0.state)
          })
      }
    }
    #expect(RolloutMachine(plan: plan, replaying: events) == machine)
  }

  private static func event(_ random: inout SeededRandom) -> RolloutEvent {
    let device = "d\(Int.random(in: 0...5, using: &random))"
    switch Int.random(in: 0...99, using: &random) {
    case 0...7: return .started
    case 8...12: return .resumed
    case 13...32: return .staged(device: device)
    case 33...47: return .activated(device: device)
    case 48...67:
      let count = Int.random(in: 0...400, using: &random)
      return .measured(
        device: device,
        Evidence(predictions: count, misses: random.unit() < 0.05 ? 5 : 0, probed: count))
    case 68...77:
      let observations: [Observation] = [.onTrial, .committed, .away, .revertedItself("signal")]
      return .observed(
        device: device, observations[Int(random.next() % 4)])
    case 78...85: return .committed(device: device)
    case 86...93: return .reverted(device: device)
    case 94...96: return .faulted(device: device, .unreachable("gone"))
    case 97: return .faulted(device: device, .refused("full"))
    case 98: return .deadlinePassed(device: device, detail: "late")
    default: return .stopRequested(reason: "stop")
    }
  }
}
