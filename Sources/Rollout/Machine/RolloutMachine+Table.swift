/// What follows from one event for one device.
struct DeviceTransition: Equatable {
  enum Action: Equatable {
    case wait
    case stage
    case activate
    case gather(Int)
    case commit
    /// The phase no longer waits for this device.
    case settle
    case breakGate(Finding.Reason)
  }
  var record: DeviceRecord
  var action: Action
}

extension RolloutMachine {
  /// The table. `nil` where the state has no use for the event.
  ///
  /// ```
  /// while the rollout goes forward                   while it goes back
  /// pending  staged             -> staged, activate   touched  reverted -> reverted, settle
  /// pending  observed here      -> onTrial, gather    touched  faulted  -> unreachable, owes revert
  /// pending  observed away      -> pending, stage
  /// pending  unreachable        -> unreachable, settle (skipped)
  /// pending  refused            -> pending, settle (skipped)
  /// staged   activated          -> onTrial, gather
  /// staged   observed on trial  -> onTrial, gather
  /// staged   observed away      -> staged, activate
  /// staged   refused            -> pending, settle (skipped)
  /// staged   unreachable        -> unreachable, broken: it may be running the variant
  /// onTrial  measured           -> the gate: onTrial, gather | healthy, settle | broken
  /// onTrial  deadlinePassed     -> broken: missing data
  /// onTrial  unreachable        -> unreachable, broken: missing data
  /// healthy  committed          -> committed, settle
  /// any      observed committed -> committed, settle
  /// healthy  unreachable        -> unreachable, owes commit, settle
  /// onTrial, healthy  away      -> pending, stage (dead-man; broken after too many)
  /// any      revertedItself     -> reverted, broken
  /// any      variantFailed      -> broken
  /// any      quarantined        -> quarantined, broken
  /// ```
  static func transition(
    of record: DeviceRecord, in phase: Phase, on event: RolloutEvent, gate: Gate,
    plan: RolloutPlan
  ) -> DeviceTransition? {
    switch phase {
    case .planned, .ended: nil
    case .rolling, .promoting:
      forward(record, in: phase, on: event, gate: gate, plan: plan)
    case .reversing: backward(record, on: event)
    }
  }

  private static func forward(
    _ record: DeviceRecord, in phase: Phase, on event: RolloutEvent, gate: Gate,
    plan: RolloutPlan
  ) -> DeviceTransition? {
    switch (record.state, event) {
    case (.pending, .staged):
      // From here on the device may run the variant: the answer to the activation can be lost.
      return record.to(.staged, touched: true, then: .activate)
    case (.pending, .observed(_, .onTrial)), (.staged, .activated),
      (.staged, .observed(_, .onTrial)):
      return record.beginTrial(gate: gate)
    case (.pending, .observed(_, .away)):
      return record.to(.pending, then: .stage)
    case (.staged, .observed(_, .away)):
      return record.to(.staged, then: .activate)
    case (.onTrial, .observed(_, .onTrial)):
      return record.askedForMore(gate: gate)
    case (.healthy, .observed(_, .onTrial)):
      return record.to(.healthy, then: phase == .promoting ? .commit : .settle)
    case (.healthy, .committed), (_, .observed(_, .committed)):
      return record.to(.committed, then: .settle)
    case (.onTrial, .observed(_, .away)), (.healthy, .observed(_, .away)):
      return record.trialExpired(plan: plan)
    case (.onTrial, .measured(_, let evidence)):
      return record.judged(gate.judge(evidence), promoting: phase == .promoting)
    case (.onTrial, .deadlinePassed(_, let detail)):
      let reason = gate.findingAtDeadline(record.evidence ?? Evidence(), detail: detail)
      return record.to(.onTrial, then: .breakGate(reason))
    case (.staged, .observed(_, .revertedItself(let reason))),
      (.onTrial, .observed(_, .revertedItself(let reason))),
      (.healthy, .observed(_, .revertedItself(let reason))),
      (.pending, .observed(_, .revertedItself(let reason))):
      return record.to(.reverted, problem: reason, then: .breakGate(.revertedItself(reason)))
    case (_, .faulted(_, let fault)):
      return record.faulted(fault, gate: gate)
    default:
      return nil
    }
  }

  private static func backward(
    _ record: DeviceRecord, on event: RolloutEvent
  ) -> DeviceTransition? {
    guard record.isTouched else { return nil }
    switch event {
    case .reverted:
      let state = record.state == .quarantined ? DeviceState.quarantined : .reverted
      return record.to(state, problem: record.problem, then: .settle)
    case .faulted(_, let fault):
      return record.to(.unreachable, owing: .revert, problem: fault.reason, then: .settle)
    default:
      return nil
    }
  }
}
