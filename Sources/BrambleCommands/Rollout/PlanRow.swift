import Encoding
import Rollout

/// A device in a rollout's plan as it is listed before anything changes.
struct PlanRow {
  var wave: Int
  var target: RolloutPlan.Target
  var problem: String?
  var variant: Digest

  /// The waves as they come when every device passes.
  static func rows(of plan: RolloutPlan, _ survey: RolloutSurvey) -> [PlanRow] {
    var rows: [PlanRow] = []
    var left = plan.targets.filter { $0.previous != plan.variant }[...]
    var wave = 0
    while !left.isEmpty {
      let share = wave == 0 ? plan.canary : plan.wave
      for target in left.prefix(share.count(of: plan.targets.count)) {
        rows.append(
          PlanRow(
            wave: wave, target: target, problem: survey.unreachable[target.name]?.message,
            variant: plan.variant))
      }
      left = left.dropFirst(share.count(of: plan.targets.count))
      wave += 1
    }
    let settled = plan.targets.filter { $0.previous == plan.variant }
    return rows
      + settled.map { PlanRow(wave: -1, target: $0, problem: nil, variant: plan.variant) }
  }

  static func listing(_ names: VariantNames) -> Listing<PlanRow> {
    Listing()
      .text("device", "DEVICE") { $0.target.name }
      .count("wave", nil) { $0.wave < 0 ? nil : $0.wave }
      .text("step", "STEP") { row in
        switch row.wave {
        case ..<0: "has it already"
        case 0: "canary"
        default: "wave \(row.wave)"
        }
      }
      .text("previous", nil) { $0.target.previous?.hex }
      .text("previousName", "RUNS NOW") { $0.target.previous.map(names.name) }
      .column(
        "previousAccuracy", nil,
        { row in
          .optional(row.target.previousAccuracy.map { Double($0) / 1000 })
        }
      ) { _ in "" }
      .text("problem", "NOTE") { $0.problem }
  }
}
