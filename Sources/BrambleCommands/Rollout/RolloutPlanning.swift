import AgentProtocol
import ModelFormat
import Rollout
import Store

extension RolloutPlanOptions {
  /// The plan of a rollout of `variant` to the surveyed devices.
  func plan(
    for variant: StoredVariant, _ survey: RolloutSurvey, store: Store
  ) throws -> RolloutPlan {
    let budget = budget?.microseconds ?? variant.manifest.budgetMicroseconds
    let floor = Int((minAccuracy * 1000).rounded())
    return try RolloutPlan(
      variant: variant.record.digest, epoch: store.nextEpoch(after: survey.epoch),
      targets: survey.targets(variant: variant.manifest, store: store), canary: canary,
      wave: wave,
      gate: GateTerms(
        budget: budget, accuracyFloor: floor > 0 ? floor : nil,
        accuracyDrop: Int((maxAccuracyDrop * 1000).rounded())),
      deadlines: Deadlines(
        stage: stageTime.microseconds / 1000, trial: trialTime.microseconds / 1000,
        deadMan: deadMan.microseconds / 1000,
        // A model may be slow without hanging; the gate is to see that.
        hangLimit: max(10_000, 5 * budget / 1000)),
      hasProbeSet: variant.manifest.probe != nil)
  }
}
