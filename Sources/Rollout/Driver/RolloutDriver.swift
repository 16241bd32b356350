/// Runs a rollout: keeps each event in the journal before anything is done about it, carries out
/// what the ``RolloutConductor`` asks for, and goes on where a dead controller stopped.
public actor RolloutDriver<Fleet: FleetAccess, Journal: RolloutJournal> {
  private enum Message: Sendable {
    case ended(token: Int, OperationResult)
    case wake
    case stop(reason: String)
  }

  private let plan: RolloutPlan
  private let fleet: Fleet
  private let journal: Journal
  private let forks: Int
  private let progress: @Sendable (RolloutSnapshot) -> Void
  private let clock = ContinuousClock()
  private static var interval: Duration { .milliseconds(100) }

  private let inbox: AsyncStream<Message>
  private let mailbox: AsyncStream<Message>.Continuation
  /// Ends the operation with that token.
  private var endings: [Int: AsyncStream<Never>.Continuation] = [:]
  private var hasNews = false
  private var told: (phase: RolloutMachine.Phase, at: ContinuousClock.Instant)?
  private var timer: (at: Duration, end: AsyncStream<Never>.Continuation)?

  /// - Parameters:
  ///   - forks: devices that are worked on at the same time.
  ///   - progress: told of changes, ten times a second at the most, on no thread in particular.
  public init(
    plan: RolloutPlan, fleet: Fleet, journal: Journal, forks: Int = 32,
    progress: @escaping @Sendable (RolloutSnapshot) -> Void = { _ in }
  ) {
    self.plan = plan
    self.fleet = fleet
    self.journal = journal
    self.forks = forks
    self.progress = progress
    (inbox, mailbox) = AsyncStream.makeStream()
  }

  /// Starts the rollout; when its journal has events already, takes it up again: what was
  /// interrupted goes on, and after its end devices that were skipped or owe something are tried anew.
  ///
  /// Cancelling the task leaves the rollout as it is, to be taken up again later.
  public func run() async throws -> RolloutSnapshot {
    try await run { $0.isEmpty ? .started : .resumed }
  }

  /// Sends every touched device back to its previous variant, whether the rollout was running, was
  /// interrupted or had ended.
  public func rollBack(reason: String) async throws -> RolloutSnapshot {
    try await run { _ in .stopRequested(reason: reason) }
  }

  /// Asks a running rollout to send every touched device back and end.
  public func requestStop(reason: String) {
    mailbox.yield(.stop(reason: reason))
  }

  private func run(
    from first: @Sendable ([RolloutEvent]) -> RolloutEvent
  ) async throws -> RolloutSnapshot {
    let events = try await journal.events()
    var conductor = RolloutConductor(
      machine: RolloutMachine(plan: plan, replaying: events), forks: forks)
    let start = clock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      var step = conductor.begin(with: first(events), now: .zero)
      try await perform(step, of: conductor, since: start, in: &group)
      while step.outcome == nil {
        guard let message = await nextMessage() else { throw CancellationError() }
        let now = clock.now - start
        switch message {
        case .ended(let token, let result):
          endings[token] = nil
          step = conductor.completed(token, result, now: now)
        case .wake: step = conductor.wake(now: now)
        case .stop(let reason):
          step = conductor.begin(with: .stopRequested(reason: reason), now: now)
        }
        try await perform(step, of: conductor, since: start, in: &group)
      }
    }
    return RolloutSnapshot(conductor.machine)
  }

  private func nextMessage() async -> Message? {
    for await message in inbox { return message }
    return nil
  }

  private func perform(
    _ step: ConductorStep, of conductor: RolloutConductor, since start: ContinuousClock.Instant,
    in group: inout ThrowingTaskGroup<Void, any Error>
  ) async throws {
    if !step.events.isEmpty {
      try await journal.append(step.events)
      hasNews = true
    }
    tell(conductor.machine)
    for token in step.cancelled { endings.removeValue(forKey: token)?.finish() }
    for operation in step.launched { launch(operation, in: &group) }
    let moments = [step.wakeAt, hasNews ? told.map { $0.at - start + Self.interval } : nil]
    setTimer(moments.compactMap(\.self).min(), since: start, in: &group)
  }

  /// At every change of phase at once, else ten times a second at the most.
  private func tell(_ machine: RolloutMachine) {
    let now = clock.now
    guard hasNews else { return }
    if let told, told.phase == machine.phase, now - told.at < Self.interval { return }
    told = (machine.phase, now)
    hasNews = false
    progress(RolloutSnapshot(machine))
  }

  private func launch(
    _ operation: Operation, in group: inout ThrowingTaskGroup<Void, any Error>
  ) {
    let (ending, end) = AsyncStream<Never>.makeStream()
    endings[operation.token] = end
    let call = DeviceCall(plan: plan, fleet: fleet, operation: operation)
    let mailbox = mailbox
    group.addTask {
      let result = await untilEnded(ending) { await call.result() }
      mailbox.yield(.ended(token: operation.token, result ?? .fault(.unreachable("cancelled"))))
    }
  }

  private func setTimer(
    _ moment: Duration?, since start: ContinuousClock.Instant,
    in group: inout ThrowingTaskGroup<Void, any Error>
  ) {
    guard moment != timer?.at else { return }
    timer?.end.finish()
    timer = nil
    guard let moment else { return }
    let (ending, end) = AsyncStream<Never>.makeStream()
    timer = (moment, end)
    let mailbox = mailbox
    let deadline = start + moment
    group.addTask {
      let isDue = await untilEnded(ending) {
        do { try await ContinuousClock().sleep(until: deadline) } catch { return false }
        return true
      }
      if isDue == true { mailbox.yield(.wake) }
    }
  }
}

/// The body's value; the body's task is cancelled when `ending` ends first.
private func untilEnded<Value: Sendable>(
  _ ending: AsyncStream<Never>, _ body: @escaping @Sendable () async -> Value
) async -> Value? {
  await withTaskGroup(of: Value?.self) { group in
    group.addTask { await body() }
    group.addTask {
      for await _ in ending {}
      return nil
    }
    let first = await group.next() ?? nil
    group.cancelAll()
    return first
  }
}
