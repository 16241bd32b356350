import Rollout
import Testing

/// What holds at the end of every rollout, whatever went wrong on the way.
struct Invariants {
  let simulator: Simulator

  func check(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
    let machine = simulator.machine
    let plan = machine.plan
    #expect(simulator.outcome != nil, comment, sourceLocation: sourceLocation)
    #expect(
      RolloutMachine(plan: plan, replaying: simulator.journal) == machine,
      "replaying the journal gives another state", sourceLocation: sourceLocation)
    for (target, record) in zip(plan.targets, machine.records) {
      guard let device = simulator.devices[target.name] else { continue }
      let isNew = device.active == plan.variant
      #expect(
        isNew || device.active == device.original, "\(target.name) runs a third variant",
        sourceLocation: sourceLocation)
      if record.state == .healthy || record.state == .committed {
        #expect(
          (record.evidence?.attempts ?? 0) >= plan.gate.minimumPredictions,
          "\(target.name) passed without data", sourceLocation: sourceLocation)
      }
      if isNew {
        #expect(
          record.state == .committed || record.debt != nil,
          "\(target.name) keeps the variant though it is \(record.state)",
          sourceLocation: sourceLocation)
      }
      if device.everActivated {
        #expect(record.isTouched, "\(target.name) ran it unseen", sourceLocation: sourceLocation)
      }
      if simulator.outcome == .rolledBack, record.isTouched {
        #expect(
          [.reverted, .quarantined].contains(record.state) || record.debt == .revert,
          "\(target.name) was touched and is \(record.state)", sourceLocation: sourceLocation)
      }
      if simulator.outcome == .promoted {
        #expect(isNew, "\(target.name) lacks the variant", sourceLocation: sourceLocation)
      }
    }
    if simulator.outcome == .rolledBack {
      #expect(machine.finding != nil, "no finding", sourceLocation: sourceLocation)
    }
  }
}
