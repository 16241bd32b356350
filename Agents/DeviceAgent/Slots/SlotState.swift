public import AgentProtocol
public import Encoding

/// Everything that must survive a power cut: which variant runs, which stands ready, and what is
/// under way. Small and bounded, so that it fits one preallocated record of ``StateFile``.
public struct SlotState: Equatable, Sendable {
  /// What runs: trusted, or on trial while ``trial`` is there.
  public var active: Digest?
  /// What a later rollback returns to; its files stay pinned.
  public var previous: Digest?
  /// Ready to be activated; its files stay pinned.
  public var staged: Digest?
  public var trial: Trial?
  /// How the newest trial ended, so that a command sent twice does nothing twice.
  public var ended: EndedTrial?
  /// The terms that ``active`` was activated under.
  public var terms: TrialTerms
  /// Oldest first, at most ``Slots/memory`` of them.
  public var failedTries: [FailedTries]
  /// Oldest first, at most ``Slots/memory`` of them.
  public var quarantined: [Digest]
  public var epoch: Epoch
  /// Empty when the newest trial did not end in a reversal.
  public var lastReversal: String
  /// How often the daemon was started since the installation: the boot of ``JournalPosition``.
  public var boot: UInt64
  /// The kernel's name for the time since the device booted.
  public var bootIdentifier: String
  /// How often the daemon was started since the device booted.
  public var starts: UInt64
  /// Records of changes made in this state that the journal may not hold yet.
  public var unrecorded: [TelemetryRecord]

  public init() {
    active = nil
    previous = nil
    staged = nil
    trial = nil
    ended = nil
    terms = TrialTerms(budget: 1_000_000, accuracyFloor: 0, deadMan: 0, hangLimit: 0)
    failedTries = []
    quarantined = []
    epoch = Epoch(0)
    lastReversal = ""
    boot = 0
    bootIdentifier = ""
    starts = 0
    unrecorded = []
  }

  /// Every variant whose files must stay.
  public var pinned: [Digest] {
    var all: [Digest] = []
    for variant in [active, previous, staged, trial?.fallback] {
      if let variant, !all.contains(variant) { all.append(variant) }
    }
    return all
  }

  public var phase: DeviceStatus.Phase {
    if trial != nil { return .onTrial }
    return active == nil ? .empty : .committed
  }
}

/// A variant that runs and is not trusted yet.
public struct Trial: Equatable, Sendable {
  /// What a reversal returns to; `nil` when nothing ran before.
  public var fallback: Digest?
  public var epoch: Epoch
  /// Milliseconds without a word from the controller until the device reverts by itself.
  public var remaining: UInt64
  /// How often the model's process failed in this trial.
  public var failures: UInt64
  /// How often the daemon was started in this trial without then staying up for ``Slots/steadyTime``.
  public var starts: UInt64

  public init(
    fallback: Digest?, epoch: Epoch, remaining: UInt64, failures: UInt64 = 0, starts: UInt64 = 0
  ) {
    self.fallback = fallback
    self.epoch = epoch
    self.remaining = remaining
    self.failures = failures
    self.starts = starts
  }
}

/// A trial that is over.
public struct EndedTrial: Equatable, Sendable {
  public var variant: Digest
  public var epoch: Epoch
  public var wasReverted: Bool

  public init(variant: Digest, epoch: Epoch, wasReverted: Bool) {
    self.variant = variant
    self.epoch = epoch
    self.wasReverted = wasReverted
  }
}

/// How often trials of one variant ended by the variant's own fault.
public struct FailedTries: Equatable, Sendable {
  public var variant: Digest
  public var count: UInt64

  public init(variant: Digest, count: UInt64) {
    self.variant = variant
    self.count = count
  }
}
