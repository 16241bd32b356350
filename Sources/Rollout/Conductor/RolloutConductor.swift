/// Everything about running a rollout except running it: which operation is started when, retries,
/// deadlines, heartbeats and the limit on devices at the same time, over a time line that the caller owns.
///
/// Pure, so that the driver and the simulator run the same code. Each call applies what happened
/// to the machine and answers with a ``ConductorStep``.
public struct RolloutConductor: Sendable {
  /// What a device is waited for, and how far that has come.
  struct Slot: Sendable {
    var wanted: Operation.Kind?
    /// Grows with every new wish: answers and moments of older ones are void.
    var generation = 0
    var running: Int?
    /// Counts the attempts at the present wish.
    var attempts = 0
    var deadline: Duration?
    /// The trial's end lasts over its many wishes to gather.
    var trialEnd: Duration?
    var lastFault: DeviceFault?
    var beat: Int?
  }
  struct Running: Sendable {
    var operation: Operation
    var generation: Int
    var trials: Int
  }
  enum Due: Sendable {
    case start(device: String, generation: Int)
    case deadline(device: String, generation: Int)
    case heartbeat(device: String, trials: Int)
  }

  public private(set) var machine: RolloutMachine
  /// How many devices are worked on at the same time.
  public let forks: Int
  var slots: [String: Slot] = [:]
  var running: [Int: Running] = [:]
  var lastToken = 0
  var busy = 0
  var beating = 0
  /// Waiting for a fork: reversals first, then devices that are under way, then new ones.
  var ready = ReadyQueue()
  var beats: [String] = []
  var due = DueQueue<Due>()
  var step = ConductorStep()

  public init(machine: RolloutMachine, forks: Int = 32) {
    precondition(forks > 0, "a rollout needs at least one fork")
    self.machine = machine
    self.forks = forks
  }

  /// Begins or takes up again (`.started`, `.resumed`), or takes everything back (`.stopRequested`).
  public mutating func begin(with event: RolloutEvent, now: Duration) -> ConductorStep {
    apply(event, now: now)
    return finishStep(now: now)
  }

  /// An operation has ended.
  public mutating func completed(
    _ token: Int, _ result: OperationResult, now: Duration
  ) -> ConductorStep {
    if let ended = running.removeValue(forKey: token) {
      if ended.operation.kind == .heartbeat {
        beatEnded(ended, result, now: now)
      } else {
        operationEnded(ended, result, now: now)
      }
    }
    return finishStep(now: now)
  }

  /// The moment of `wakeAt` has come.
  public mutating func wake(now: Duration) -> ConductorStep {
    finishStep(now: now)
  }

  mutating func apply(_ event: RolloutEvent, now: Duration) {
    step.events.append(event)
    let before = machine.phase
    let effects = machine.handle(event)
    if machine.phase != before, machine.phase == .reversing || machine.hasEnded {
      dropAllWishes()
    }
    for effect in effects { wish(effect, now: now) }
    if let device = event.device { scheduleHeartbeat(device, after: event, now: now) }
  }

  private mutating func finishStep(now: Duration) -> ConductorStep {
    while let moment = due.next(dueBy: now) { come(moment, now: now) }
    launch(now: now)
    step.wakeAt = due.earliest
    if case .ended(let outcome) = machine.phase, running.isEmpty { step.outcome = outcome }
    defer { step = ConductorStep() }
    return step
  }
}

extension RolloutMachine {
  var hasEnded: Bool {
    if case .ended = phase { true } else { false }
  }

  /// Whether the rollout goes forward and the device runs the variant without being trusted yet.
  func isOnTrial(_ device: String) -> Bool {
    guard phase == .promoting || isRolling, let record = record(of: device) else { return false }
    return record.state == .onTrial || record.state == .healthy
  }

  private var isRolling: Bool {
    if case .rolling = phase { true } else { false }
  }
}
