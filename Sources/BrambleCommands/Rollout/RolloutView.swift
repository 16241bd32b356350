import Encoding
import Reports
import Rollout
import Store

/// A rollout for people and for programs.
struct RolloutView {
  var record: RolloutRecord
  var snapshot: RolloutSnapshot
  var names: VariantNames

  init(_ record: RolloutRecord, _ snapshot: RolloutSnapshot, in workbench: Workbench) throws {
    self.record = record
    self.snapshot = snapshot
    names = try VariantNames(workbench.store)
  }

  init(_ record: RolloutRecord, in workbench: Workbench) throws {
    try self.init(record, workbench.store.snapshot(ofRollout: record), in: workbench)
  }

  /// What the rollout's end means for the shell.
  var status: ExitStatus {
    switch snapshot.outcome {
    case .promoted: .success
    case .rolledBack: snapshot.finding?.isInconclusive == true ? .inconclusive : .rolledBack
    case .partial, .untouched, nil: .partial
    }
  }

  var title: String { "rollout \(record.id) of \(names.name(record.plan.variant))" }

  var text: String {
    "\(title): \(RolloutReport.headline(snapshot))\n\n\(RolloutReport.table(snapshot))"
  }

  var json: JSON {
    .object([
      "rollout": .count(record.id), "variant": .string(record.plan.variant.hex),
      "variantName": .string(names.name(record.plan.variant)),
      "epoch": .count(record.plan.epochNumber), "budget": .count(record.plan.gate.budget),
      "started": .string(Moment.text(record.started)),
      "ended": .optional(record.ended.map(Moment.text)), "phase": .string(phase.name),
      "wave": .optional(phase.wave), "outcome": .optional(snapshot.outcome?.rawValue),
      "verdict": .optional(snapshot.finding?.description),
      "brokenBy": .optional(snapshot.finding?.device),
      "devices": Self.devices(names, record).json(snapshot.devices),
    ])
  }

  private var phase: (name: String, wave: Int?) {
    switch snapshot.phase {
    case .planned: ("planned", nil)
    case .rolling(let wave): ("rolling", wave)
    case .promoting: ("promoting", nil)
    case .reversing: ("reversing", nil)
    case .ended: ("ended", nil)
    }
  }

  private static func devices(
    _ names: VariantNames, _ record: RolloutRecord
  ) -> Listing<RolloutSnapshot.Device> {
    let previous = Dictionary(record.plan.targets.map { ($0.name, $0.previous) }) { a, _ in a }
    return Listing()
      .text("name", nil) { $0.name }
      .text("state", nil) { $0.record.state.rawValue }
      .text("previous", nil) { previous[$0.name]??.hex }
      .count("predictions", nil) { $0.record.evidence?.attempts }
      .count("misses", nil) { $0.record.evidence?.violations }
      .count("failures", nil) { $0.record.evidence?.failures }
      .count("p50", nil) { $0.record.evidence?.p50 }
      .count("p99", nil) { $0.record.evidence?.p99 }
      .count("worst", nil) { $0.record.evidence?.worst }
      .count("probed", nil) { $0.record.evidence?.probed }
      .count("probedCorrect", nil) { $0.record.evidence?.probedCorrect }
      .column("missRateBound", nil, { .optional($0.record.bound) }) { _ in "" }
      .text("owes", nil) { $0.record.debt?.rawValue }
      .text("problem", nil) { $0.record.problem }
  }
}
