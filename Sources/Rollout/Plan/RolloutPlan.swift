public import AgentProtocol
public import Encoding

/// Everything that is decided before a rollout starts, and never changes after.
public struct RolloutPlan: Hashable, Codable, Sendable {
  /// One device in the order in which the rollout takes them.
  public struct Target: Hashable, Codable, Sendable {
    public var name: String
    /// What the device runs now and goes back to; `nil` when it never ran a variant.
    public var previous: Digest?
    /// The previous variant's accuracy on its probe set there, in thousandths, where it is known.
    public var previousAccuracy: Int?

    public init(name: String, previous: Digest?, previousAccuracy: Int? = nil) {
      self.name = name
      self.previous = previous
      self.previousAccuracy = previousAccuracy
    }
  }

  public var variant: Digest
  /// Which rollout speaks to the agents; greater than that of every earlier rollout.
  public var epochNumber: UInt64
  public var targets: [Target]
  public var canary: FleetShare
  public var wave: FleetShare
  public var gate: GateTerms
  public var deadlines: Deadlines
  /// Whether the variant has a probe set; without one the gate waits for the sensors' own predictions.
  public var hasProbeSet: Bool
  /// How often a device is taken into the trial again after its dead-man time passed.
  public var maximumTrials: Int

  public init(
    variant: Digest, epoch: Epoch, targets: [Target], canary: FleetShare = .devices(1),
    wave: FleetShare = .percent(25), gate: GateTerms = GateTerms(),
    deadlines: Deadlines = Deadlines(), hasProbeSet: Bool = true, maximumTrials: Int = 3
  ) throws(RolloutPlanError) {
    self.variant = variant
    self.epochNumber = epoch.number
    self.targets = targets
    self.canary = canary
    self.wave = wave
    self.gate = gate
    self.deadlines = deadlines
    self.hasProbeSet = hasProbeSet
    self.maximumTrials = maximumTrials
    try validate()
  }

  public var epoch: Epoch { Epoch(epochNumber) }

  /// The terms that a device holds to by itself during its trial.
  public var terms: TrialTerms {
    TrialTerms(
      budget: gate.budget, accuracyFloor: UInt64(gate.accuracyFloor ?? 0),
      deadMan: deadlines.deadMan, hangLimit: deadlines.hangLimit * 1_000)
  }

  private func validate() throws(RolloutPlanError) {
    if targets.isEmpty { throw .noDevices }
    var names: Set<String> = []
    for target in targets where !names.insert(target.name).inserted {
      throw .namedTwice(target.name)
    }
    if epochNumber == 0 { throw .badTerm("the epoch", "0 is the operator's own; begin at 1") }
    if gate.budget == 0 { throw .badTerm("the budget", "it must be longer than 0") }
    if !(gate.quantile > 0.5 && gate.quantile < 1) {
      throw .badTerm("the quantile", "it must lie between 0.5 and 1, such as 0.99")
    }
    if !(gate.alpha > 0 && gate.alpha < 0.5) {
      throw .badTerm("alpha", "it must lie between 0 and 0.5, such as 0.05")
    }
    if gate.maximumPredictions < gate.minimumPredictions || gate.minimumPredictions < 1 {
      throw .badTerm("the number of predictions", "the minimum is 1 and at most the maximum")
    }
    for value in [gate.accuracyFloor, gate.accuracyDrop].compactMap(\.self)
    where !(0...1_000).contains(value) {
      throw .badTerm("the accuracy", "it is given in thousandths, 0 to 1000")
    }
    if gate.maximumFailures < 0 || maximumTrials < 1 {
      throw .badTerm("the failures", "none can be fewer than 0, and one trial is the least")
    }
  }
}

/// Why a plan is none.
public enum RolloutPlanError: Error, Equatable, CustomStringConvertible {
  case noDevices
  case namedTwice(String)
  case badTerm(String, String)

  public var description: String {
    switch self {
    case .noDevices: "the rollout has no devices: choose a selector that matches some"
    case .namedTwice(let name): "device \(name) is named twice in the rollout"
    case .badTerm(let term, let advice): "\(term) cannot be used: \(advice)"
    }
  }
}
