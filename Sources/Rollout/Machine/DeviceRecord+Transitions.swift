extension DeviceRecord {
  func to(
    _ state: DeviceState, touched: Bool? = nil, owing debt: Debt? = nil,
    problem: String? = nil, then action: DeviceTransition.Action
  ) -> DeviceTransition {
    var record = self
    record.state = state
    record.isTouched = touched ?? isTouched
    record.debt = debt
    record.problem = problem
    return DeviceTransition(record: record, action: action)
  }

  func beginTrial(gate: Gate) -> DeviceTransition {
    var begun = to(.onTrial, touched: true, then: .wait)
    begun.record.trials += 1
    begun.action = .gather(begun.record.nextBatch(gate: gate))
    return begun
  }

  func askedForMore(gate: Gate) -> DeviceTransition {
    to(.onTrial, then: .gather(nextBatch(gate: gate)))
  }

  func judged(_ verdict: Gate.Verdict, promoting: Bool) -> DeviceTransition {
    switch verdict {
    case .passed(let bound):
      var passed = to(.healthy, then: promoting ? .commit : .settle)
      passed.record.bound = bound
      return passed
    case .needsMore(let predictions):
      return to(.onTrial, then: .gather(batch(of: predictions)))
    case .broken(let reason):
      return to(.onTrial, then: .breakGate(reason))
    }
  }

  /// The device went back because it heard nothing for too long: the controller's fault, so it is tried again.
  func trialExpired(plan: RolloutPlan) -> DeviceTransition {
    if trials < plan.maximumTrials { return to(.pending, then: .stage) }
    let detail = "it heard no word in time and went back \(trials) times; raise the dead-man time"
    return to(
      .reverted, problem: detail,
      then: .breakGate(
        .missingData(
          predictions: evidence?.attempts ?? 0, needed: plan.gate.minimumPredictions,
          detail: detail)))
  }

  func faulted(_ fault: DeviceFault, gate: Gate) -> DeviceTransition? {
    switch (state, fault) {
    case (.committed, _), (.reverted, _), (.unreachable, _), (.quarantined, _):
      return nil
    case (_, .quarantined(let reason)):
      return to(.quarantined, problem: reason, then: .breakGate(.quarantined(reason)))
    case (_, .variantFailed(let reason)):
      return to(state, problem: reason, then: .breakGate(.didNotStart(reason)))
    case (.pending, .unreachable(let reason)):
      return to(.unreachable, problem: reason, then: .settle)
    case (.pending, .refused(let reason)), (.staged, .refused(let reason)):
      return to(.pending, problem: reason, then: .settle)
    case (.healthy, .unreachable(let reason)), (.healthy, .refused(let reason)):
      return to(.unreachable, owing: .commit, problem: reason, then: .settle)
    case (.staged, .unreachable(let reason)), (.onTrial, .unreachable(let reason)),
      (.onTrial, .refused(let reason)):
      return to(
        .unreachable, problem: reason,
        then: .breakGate(gate.findingAtDeadline(evidence ?? Evidence(), detail: reason)))
    }
  }

  private func nextBatch(gate: Gate) -> Int {
    guard case .needsMore(let missing) = gate.judge(evidence ?? Evidence()) else { return 1 }
    return batch(of: missing)
  }

  /// Small first and then doubling, so that a device that takes seconds for a prediction is found
  /// out after a few of them, and one that answers in milliseconds is not asked a hundred times.
  private func batch(of missing: Int) -> Int {
    min(missing, max(2, min(evidence?.attempts ?? 0, 50)))
  }
}
