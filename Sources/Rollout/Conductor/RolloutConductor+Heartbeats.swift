extension RolloutConductor {
  /// Every device that has just begun (or was found in) its trial gets a first heartbeat.
  mutating func scheduleHeartbeat(_ device: String, after event: RolloutEvent, now: Duration) {
    switch event {
    case .activated, .observed(_, .onTrial): addHeartbeat(device, now: now)
    default: break
    }
  }

  private mutating func addHeartbeat(_ device: String, now: Duration) {
    guard machine.isOnTrial(device), let record = machine.record(of: device) else { return }
    let interval = Duration.milliseconds(Int64(clamping: machine.plan.deadlines.heartbeat))
    due.add(.heartbeat(device: device, trials: record.trials), at: now + interval)
  }

  /// Heartbeats have forks of their own, so that long probes never starve the dead-man time.
  mutating func launchBeats() {
    while beating < forks, !beats.isEmpty {
      let device = beats.removeFirst()
      guard let slot = slots[device], machine.isOnTrial(device) else { continue }
      let token = start(.heartbeat, on: device, generation: slot.generation)
      slots[device]?.beat = token
      beating += 1
    }
  }

  mutating func beatEnded(_ ended: Running, _ result: OperationResult, now: Duration) {
    let device = ended.operation.device
    beating -= 1
    slots[device]?.beat = nil
    guard machine.isOnTrial(device), machine.record(of: device)?.trials == ended.trials else {
      return
    }
    if case .observation(let observation) = result, observation.hasLeftTrial {
      apply(.observed(device: device, observation), now: now)
    } else {
      addHeartbeat(device, now: now)
    }
  }
}

extension Observation {
  fileprivate var hasLeftTrial: Bool {
    switch self {
    case .away, .revertedItself: true
    case .onTrial, .committed: false
    }
  }
}
