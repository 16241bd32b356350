extension RolloutConductor {
  /// Without a probe set, or when a batch brought nothing new, the device is looked at this often.
  static let pollInterval = Duration.seconds(2)

  /// A new wish for a device replaces the one before.
  mutating func wish(_ effect: RolloutEffect, now: Duration) {
    guard let device = effect.device else { return }
    var kind = effect.operation
    let isGathering = if case .gather = kind { true } else { false }
    var delay = Duration.zero
    if case .gather(let device, _) = effect {
      let isNew = slots[device]?.trialEnd == nil
      if !machine.plan.hasProbeSet {
        kind = .gather(predictions: 0)
        if !isNew { delay = RolloutConductor.pollInterval }
      }
    }
    drop(device)
    var slot = slots[device] ?? Slot()
    slot.wanted = kind
    slot.attempts = 0
    slot.lastFault = nil
    slot.deadline = isGathering ? slot.trialEnd : nil
    if !isGathering { slot.trialEnd = nil }
    slots[device] = slot
    if let deadline = slot.deadline {
      due.add(.deadline(device: device, generation: slot.generation), at: deadline)
    }
    enqueue(device, after: delay, now: now)
  }

  /// Puts the device's wish in line, at once or later.
  mutating func enqueue(_ device: String, after delay: Duration, now: Duration) {
    guard let slot = slots[device], let kind = slot.wanted else { return }
    if delay > .zero {
      due.add(.start(device: device, generation: slot.generation), at: now + delay)
    } else if slot.running == nil {
      ready.add(device, for: kind)
    }
  }

  /// Voids the device's wish; what runs for it is ended and its answer ignored.
  mutating func drop(_ device: String) {
    guard var slot = slots[device] else { return }
    slot.generation += 1
    slot.wanted = nil
    if let token = slot.running { step.cancelled.append(token) }
    slots[device] = slot
  }

  mutating func dropAllWishes() {
    for target in machine.plan.targets { drop(target.name) }
    beats = []
    for (token, entry) in running where entry.operation.kind == .heartbeat {
      step.cancelled.append(token)
    }
    step.cancelled.sort()
  }

  mutating func launch(now: Duration) {
    while busy < forks, let device = ready.next() {
      guard var slot = slots[device], slot.running == nil, let kind = slot.wanted else { continue }
      if slot.deadline == nil {
        let deadline = now + limit(of: kind)
        slot.deadline = deadline
        if case .gather = kind { slot.trialEnd = deadline }
        due.add(.deadline(device: device, generation: slot.generation), at: deadline)
      }
      slot.attempts += 1
      slot.running = start(kind, on: device, generation: slot.generation)
      slots[device] = slot
      busy += 1
    }
    launchBeats()
  }

  mutating func start(_ kind: Operation.Kind, on device: String, generation: Int) -> Int {
    lastToken += 1
    let operation = Operation(token: lastToken, device: device, kind: kind)
    running[lastToken] = Running(
      operation: operation, generation: generation,
      trials: machine.record(of: device)?.trials ?? 0)
    step.launched.append(operation)
    return lastToken
  }

  func limit(of kind: Operation.Kind) -> Duration {
    let deadlines = machine.plan.deadlines
    let milliseconds =
      switch kind {
      case .stage: deadlines.stage
      case .activate, .observe, .heartbeat: deadlines.activate
      case .gather: deadlines.trial
      case .commit: deadlines.commit
      case .revert: deadlines.revert
      }
    return .milliseconds(Int64(clamping: milliseconds))
  }
}

extension Duration {
  /// For people: `90 s`, `250 ms`.
  var formatted: String {
    let (seconds, attoseconds) = components
    return attoseconds == 0 && seconds > 0
      ? "\(seconds) s" : "\(seconds * 1_000 + attoseconds / 1_000_000_000_000_000) ms"
  }
}

extension RolloutEffect {
  var operation: Operation.Kind {
    switch self {
    case .stage: .stage
    case .observe: .observe
    case .activate: .activate
    case .gather(_, let predictions): .gather(predictions: predictions)
    case .commit: .commit
    case .revert(_, let reason): .revert(reason: reason)
    case .finish: preconditionFailure("the end of a rollout concerns no device")
    }
  }
}
