public import AgentProtocol
public import Encoding

/// The slots as a machine without clock and without files: an event goes in, the state changes, and what
/// is to be done comes out. Whoever drives it saves the state first, so that a kill between the two is
/// made good by the next `.started`, which asks for the same things again.
public struct Slots: Equatable, Sendable {
  /// Failures of the model's process that end a trial.
  public static let failureLimit: UInt64 = 3
  /// Trials that a variant may fail before it is refused.
  public static let tryLimit: UInt64 = 3
  /// Starts of the daemon in one trial, none of them followed by ``steadyTime``, that end it.
  public static let startLimit: UInt64 = 8
  /// Milliseconds.
  public static let steadyTime: UInt64 = 60_000
  /// How many variants the lists of failures and of quarantine remember.
  public static let memory = 16

  public private(set) var state: SlotState
  /// Milliseconds that the daemon has been up in this trial.
  private var steady: UInt64 = 0

  public init(_ state: SlotState = SlotState()) { self.state = state }

  public mutating func handle(_ event: SlotEvent) -> [SlotEffect] {
    switch event {
    case .started(let bootIdentifier):
      return start(bootIdentifier)
    case .staged(let variant, let epoch):
      if let refusal = refusal(variant, epoch) { return [.refuse(refusal)] }
      obey(epoch)
      state.staged = variant
      return [.prune, .done]
    case .activate(let variant, let terms, let epoch):
      return activate(variant, terms, epoch)
    case .commit(let variant, let epoch):
      return commit(variant, epoch)
    case .revert(let reason, let epoch):
      return revert(reason, epoch)
    case .keepAlive(let epoch):
      if let refusal = refusal(epoch) { return [.refuse(refusal)] }
      obey(epoch)
      return [.done]
    case .probed(let variant, let predictions, let correct):
      return judge(variant, predictions, correct)
    case .modelFailed(let variant, let reason):
      return fail(variant, reason)
    case .damaged(let variant, let reason):
      return damage(variant, reason)
    case .elapsed(let milliseconds):
      return elapse(milliseconds)
    }
  }

  /// Why a command of `epoch` is refused; `nil` when it is not.
  public func refusal(_ epoch: Epoch) -> Refusal? {
    if epoch.number == 0 || epoch >= state.epoch { return nil }
    return Refusal(
      .staleEpoch,
      "the command is of epoch \(epoch.number), but this device has obeyed epoch \(state.epoch.number)"
    )
  }

  /// Why `variant` may not be staged or activated under `epoch`; `nil` when it may.
  public func refusal(_ variant: Digest, _ epoch: Epoch) -> Refusal? {
    if let refusal = refusal(epoch) { return refusal }
    guard state.quarantined.contains(variant) else { return nil }
    return Refusal(
      .quarantined, "variant \(variant.short) failed \(Slots.tryLimit) trials on this device")
  }

  /// Notes what the journal may not hold yet, as part of the state that is saved next.
  public mutating func setUnrecorded(_ records: [TelemetryRecord]) { state.unrecorded = records }

  /// Whether `state` must be saved when `saved` was saved last. The dead-man time alone is saved only after
  /// it changed by a sixteenth, as every save wears the card.
  public func needsSaving(after saved: SlotState) -> Bool {
    guard let trial = state.trial, var savedTrial = saved.trial else { return state != saved }
    let grain = max(state.terms.deadMan / 16, 1000)
    let change =
      trial.remaining > savedTrial.remaining
      ? trial.remaining - savedTrial.remaining : savedTrial.remaining - trial.remaining
    if change >= grain { return true }
    savedTrial.remaining = trial.remaining
    var other = saved
    other.trial = savedTrial
    return state != other
  }
}

// What each event does.
extension Slots {
  private mutating func start(_ bootIdentifier: String) -> [SlotEffect] {
    state.boot += 1
    state.starts = bootIdentifier == state.bootIdentifier ? state.starts + 1 : 1
    state.bootIdentifier = bootIdentifier
    steady = 0
    if state.trial != nil {
      state.trial!.starts += 1
      if state.trial!.starts > Slots.startLimit {
        return endTrial(
          "the agent started \(Slots.startLimit) times in a row during the trial", fault: true)
      }
    }
    return [.run(state.active), .prune]
  }

  private mutating func activate(
    _ variant: Digest, _ terms: TrialTerms, _ epoch: Epoch
  ) -> [SlotEffect] {
    if let refusal = refusal(variant, epoch) { return [.refuse(refusal)] }
    if let trial = state.trial {
      if state.active == variant {
        obey(epoch)
        state.trial!.epoch = epoch
        state.trial!.remaining = terms.deadMan
        state.terms = terms
        return [.done]
      }
      if trial.epoch == epoch, epoch.number != 0 {
        let running = state.active?.short ?? "none"
        return [.refuse(Refusal(.busy, "variant \(running) is on trial in this very rollout"))]
      }
    } else if state.active == variant, let ended = state.ended, ended.variant == variant,
      ended.epoch == epoch, epoch.number != 0
    {
      return [.done]
    }
    guard state.staged == variant || state.active == variant || state.previous == variant else {
      return [.refuse(Refusal(.notStaged, "variant \(variant.short) is not staged on this device"))]
    }
    var effects: [SlotEffect] = []
    if state.trial != nil {
      effects = endTrial("superseded by variant \(variant.short)", fault: false)
      effects.removeAll { $0 == .prune || $0 == .run(state.active) }
      state.staged = nil
    }
    obey(epoch)
    state.trial = Trial(fallback: state.active, epoch: epoch, remaining: terms.deadMan)
    state.active = variant
    state.terms = terms
    state.lastReversal = ""
    if state.staged == variant { state.staged = nil }
    steady = 0
    return effects + [.record(.activated(variant: variant, epoch: epoch)), .run(variant), .done]
  }

  private mutating func commit(_ variant: Digest, _ epoch: Epoch) -> [SlotEffect] {
    if let refusal = refusal(epoch) { return [.refuse(refusal)] }
    guard state.active == variant else {
      let now = state.active.map { "variant \($0.short)" } ?? "none"
      return [
        .refuse(Refusal(.noTrial, "variant \(variant.short) is not on trial; active is \(now)"))
      ]
    }
    guard let trial = state.trial else { return [.done] }
    obey(epoch)
    state.trial = nil
    state.ended = EndedTrial(variant: variant, epoch: trial.epoch, wasReverted: false)
    state.failedTries.removeAll { $0.variant == variant }
    if let fallback = trial.fallback, fallback != variant { state.previous = fallback }
    return [.record(.committed(variant: variant)), .prune, .done]
  }

  private mutating func revert(_ reason: String, _ epoch: Epoch) -> [SlotEffect] {
    if let refusal = refusal(epoch) { return [.refuse(refusal)] }
    if state.trial != nil {
      obey(epoch)
      return endTrial(reason, fault: false) + [.done]
    }
    if let ended = state.ended, ended.wasReverted, ended.epoch == epoch { return [.done] }
    guard let active = state.active, let previous = state.previous else {
      return [.refuse(Refusal(.noTrial, "there is no previous variant to go back to"))]
    }
    obey(epoch)
    return fallBack(from: active, to: previous, reason, epoch) + [.done]
  }

  private mutating func judge(
    _ variant: Digest, _ predictions: UInt64, _ correct: UInt64
  ) -> [SlotEffect] {
    let floor = state.terms.accuracyFloor
    guard state.trial != nil, state.active == variant, predictions > 0,
      correct.multipliedFullWidth(by: 1000) < floor.multipliedFullWidth(by: predictions)
    else { return [] }
    return endTrial(
      "the probe set came out \(correct) right of \(predictions), below the floor of \(floor) in 1000",
      fault: true)
  }

  private mutating func fail(_ variant: Digest, _ reason: String) -> [SlotEffect] {
    guard state.trial != nil, state.active == variant else { return [] }
    state.trial!.failures += 1
    guard state.trial!.failures >= Slots.failureLimit else { return [] }
    return endTrial("the model failed \(Slots.failureLimit) times: \(reason)", fault: true)
  }

  private mutating func damage(_ variant: Digest, _ reason: String) -> [SlotEffect] {
    guard state.active == variant else { return [] }
    if state.trial != nil {
      let effects = endTrial(reason, fault: false)
      state.staged = nil
      return effects
    }
    guard let previous = state.previous, previous != variant else { return [] }
    return fallBack(from: variant, to: previous, reason, state.ended?.epoch ?? state.epoch)
  }

  private mutating func elapse(_ milliseconds: UInt64) -> [SlotEffect] {
    guard let trial = state.trial else { return [] }
    steady += milliseconds
    if steady >= Slots.steadyTime { state.trial!.starts = 0 }
    guard state.terms.deadMan > 0 else { return [] }
    state.trial!.remaining = trial.remaining > milliseconds ? trial.remaining - milliseconds : 0
    guard state.trial!.remaining == 0 else { return [] }
    return endTrial(
      "no word from the controller for \(state.terms.deadMan / 1000) s", fault: false)
  }
}

// What several events share.
extension Slots {
  /// A command of `epoch` is obeyed; in a trial of that epoch it is a word from the controller.
  private mutating func obey(_ epoch: Epoch) {
    if epoch > state.epoch { state.epoch = epoch }
    if let trial = state.trial, epoch >= trial.epoch || epoch.number == 0 {
      state.trial!.remaining = state.terms.deadMan
    }
  }

  private mutating func endTrial(_ reason: String, fault: Bool) -> [SlotEffect] {
    guard let trial = state.trial, let variant = state.active else { return [] }
    let reason = reason.clipped(to: 200)
    state.trial = nil
    state.active = trial.fallback
    state.lastReversal = reason
    state.ended = EndedTrial(variant: variant, epoch: trial.epoch, wasReverted: true)
    // Still here, should the controller try again.
    if variant != trial.fallback { state.staged = variant }
    var effects: [SlotEffect] = [
      .record(.reverted(from: variant, to: trial.fallback, reason: reason))
    ]
    if fault, countFailedTry(variant) {
      if state.staged == variant { state.staged = nil }
      effects.append(.record(.quarantined(variant: variant)))
    }
    return effects + [.run(state.active), .prune]
  }

  private mutating func fallBack(
    from active: Digest, to previous: Digest, _ reason: String, _ epoch: Epoch
  ) -> [SlotEffect] {
    let reason = reason.clipped(to: 200)
    state.active = previous
    state.previous = nil
    state.lastReversal = reason
    state.ended = EndedTrial(variant: active, epoch: epoch, wasReverted: true)
    return [
      .record(.reverted(from: active, to: previous, reason: reason)), .run(previous), .prune,
    ]
  }

  /// Whether `variant` is quarantined from now on.
  private mutating func countFailedTry(_ variant: Digest) -> Bool {
    var count: UInt64 = 1
    if let index = state.failedTries.firstIndex(where: { $0.variant == variant }) {
      count += state.failedTries.remove(at: index).count
    }
    guard count >= Slots.tryLimit else {
      state.failedTries.append(FailedTries(variant: variant, count: count))
      if state.failedTries.count > Slots.memory { state.failedTries.removeFirst() }
      return false
    }
    if !state.quarantined.contains(variant) { state.quarantined.append(variant) }
    if state.quarantined.count > Slots.memory { state.quarantined.removeFirst() }
    return true
  }
}
