extension RolloutConductor {
  mutating func operationEnded(_ ended: Running, _ result: OperationResult, now: Duration) {
    let device = ended.operation.device
    busy -= 1
    slots[device]?.running = nil
    guard let slot = slots[device], slot.generation == ended.generation else {
      // A newer wish has waited for this to end.
      enqueue(device, after: .zero, now: now)
      return
    }
    switch (ended.operation.kind, result) {
    case (let kind, .fault(let fault)) where isTriedAgain(kind, fault):
      slots[device]?.lastFault = fault
      enqueue(device, after: backoff(slot.attempts), now: now)
    case (_, .fault(let fault)):
      slots[device]?.wanted = nil
      apply(.faulted(device: device, fault), now: now)
    case (.gather, .gathered(let evidence, let observation, let fault)):
      slots[device]?.wanted = nil
      gathered(device, ended.operation.kind, evidence, observation, fault, now: now)
    case (let kind, _):
      slots[device]?.wanted = nil
      if let event = event(kind, result, device) { apply(event, now: now) }
    }
  }

  /// What may be different next time; a device that says no says so again.
  private func isTriedAgain(_ kind: Operation.Kind, _ fault: DeviceFault) -> Bool {
    switch (kind, fault) {
    case (_, .unreachable), (.revert, .variantFailed): true
    default: false
    }
  }

  /// 1, 2, 4, ... 30 s.
  private func backoff(_ attempts: Int) -> Duration {
    .seconds(min(1 << min(max(attempts, 1) - 1, 5), 30))
  }

  private func event(
    _ kind: Operation.Kind, _ result: OperationResult, _ device: String
  ) -> RolloutEvent? {
    switch (kind, result) {
    case (.stage, .done): .staged(device: device)
    case (.activate, .done): .activated(device: device)
    case (.commit, .done): .committed(device: device)
    case (.revert, .done): .reverted(device: device)
    case (_, .observation(let observation)): .observed(device: device, observation)
    default: nil
    }
  }

  private mutating func gathered(
    _ device: String, _ kind: Operation.Kind, _ evidence: Evidence, _ observation: Observation,
    _ fault: DeviceFault?, now: Duration
  ) {
    let isNews = evidence != machine.record(of: device)?.evidence
    if isNews { apply(.measured(device: device, evidence), now: now) }
    guard machine.isOnTrial(device) else { return }
    if observation != .onTrial {
      apply(.observed(device: device, observation), now: now)
    } else if case .variantFailed = fault, let fault {
      apply(.faulted(device: device, fault), now: now)
    } else if !isNews {
      // The same wish waits for a while, with its deadline, and no event is spent on it.
      slots[device]?.wanted = kind
      slots[device]?.lastFault = fault
      enqueue(device, after: RolloutConductor.pollInterval, now: now)
    }
  }

  mutating func come(_ moment: Due, now: Duration) {
    switch moment {
    case .start(let device, let generation):
      guard slots[device]?.generation == generation else { return }
      enqueue(device, after: .zero, now: now)
    case .deadline(let device, let generation):
      guard let slot = slots[device], slot.generation == generation, let kind = slot.wanted else {
        return
      }
      timeIsOver(device, kind, slot.lastFault, now: now)
    case .heartbeat(let device, let trials):
      guard machine.isOnTrial(device), machine.record(of: device)?.trials == trials,
        slots[device]?.beat == nil
      else { return }
      beats.append(device)
    }
  }

  private mutating func timeIsOver(
    _ device: String, _ kind: Operation.Kind, _ fault: DeviceFault?, now: Duration
  ) {
    drop(device)
    let allowed = "within \(limit(of: kind).formatted)"
    if case .gather = kind {
      let detail = "the data did not come \(allowed)" + (fault.map { "; \($0)" } ?? "")
      apply(.deadlinePassed(device: device, detail: detail), now: now)
    } else {
      let reason = fault?.reason ?? "no answer \(allowed)"
      apply(.faulted(device: device, .unreachable(reason)), now: now)
    }
  }
}
