/// A rollout as a transition table over values: (state, event) -> (state, effects).
///
/// It has no clock and does no I/O. The table for one device is
/// ``RolloutMachine/transition(of:in:on:)``; waves, promotion and reversal, which concern the fleet, are in
/// `RolloutMachine+Phases.swift`.
public struct RolloutMachine: Equatable, Sendable {
  public enum Phase: Equatable, Sendable {
    case planned
    /// Devices are taken into the trial, wave by wave; the first is the canary, number 0.
    case rolling(wave: Int)
    /// Every device that was reached passed; the trials are ended for good.
    case promoting
    /// Every touched device goes back.
    case reversing
    case ended(RolloutOutcome)
  }

  public let plan: RolloutPlan
  public internal(set) var phase: Phase = .planned
  /// One record for each of the plan's targets, in the same order.
  public internal(set) var records: [DeviceRecord]
  /// Why it is taken back; set once, by the first verdict.
  public internal(set) var finding: Finding?

  /// Positions of devices that the current phase still waits for.
  var open: Set<Int> = []
  /// Position of the first device that no wave has taken yet.
  var next = 0
  var wavesTaken = 0
  private let positions: [String: Int]

  public init(plan: RolloutPlan) {
    self.plan = plan
    records = plan.targets.map { _ in DeviceRecord() }
    positions = Dictionary(
      uniqueKeysWithValues: plan.targets.enumerated().map { ($1.name, $0) })
  }

  /// The machine after `events`: how a rollout is taken up again.
  public init(plan: RolloutPlan, replaying events: some Sequence<RolloutEvent>) {
    self.init(plan: plan)
    for event in events { _ = handle(event) }
  }

  public func record(of device: String) -> DeviceRecord? {
    positions[device].map { records[$0] }
  }

  func position(of device: String) -> Int? { positions[device] }

  /// Applies one event and says what is to be done. Events that the state has no use for, such as
  /// a late answer of a device that is on its way back, change nothing.
  public mutating func handle(_ event: RolloutEvent) -> [RolloutEffect] {
    switch event {
    case .started: return start()
    case .resumed: return resume()
    case .stopRequested(let reason):
      return takeBack(Finding(device: nil, reason: .requested(reason)))
    default:
      guard let device = event.device, let position = positions[device] else { return [] }
      return advance(position, on: event)
    }
  }

  private mutating func advance(_ position: Int, on event: RolloutEvent) -> [RolloutEffect] {
    let name = plan.targets[position].name
    if case .measured(_, let evidence) = event { records[position].evidence = evidence }
    let gate = Gate(
      terms: plan.gate, previousAccuracy: plan.targets[position].previousAccuracy,
      hasProbeSet: plan.hasProbeSet)
    let transition = RolloutMachine.transition(
      of: records[position], in: phase, on: event, gate: gate, plan: plan)
    guard let transition else { return [] }
    records[position] = transition.record
    switch transition.action {
    case .wait: return []
    case .stage:
      open.insert(position)
      return [.stage(device: name)]
    case .activate: return [.activate(device: name)]
    case .gather(let predictions): return [.gather(device: name, predictions: predictions)]
    case .commit: return [.commit(device: name)]
    case .settle:
      open.remove(position)
      return open.isEmpty ? closePhase() : []
    case .breakGate(let reason):
      return takeBack(
        Finding(device: name, reason: reason, evidence: records[position].evidence))
    }
  }
}
