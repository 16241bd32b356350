/// How one device stands in a rollout.
public enum DeviceState: String, Codable, Sendable, CaseIterable {
  /// Runs what it ran before; was not touched, or could not be for the reason at its record.
  case pending
  /// Holds the variant, verified and prepared; its activation is being asked for.
  case staged
  /// Runs the variant and is being judged.
  case onTrial
  /// Passed the gate; the trial lasts until the rollout ends.
  case healthy
  /// Passed, and the variant is trusted for good.
  case committed
  /// Runs its previous variant again.
  case reverted
  /// Did not answer in time; its record says what it still owes.
  case unreachable
  /// Refuses the variant, which failed on it three times.
  case quarantined
}

/// One device's part in a rollout.
public struct DeviceRecord: Hashable, Codable, Sendable {
  /// What has to be done once an unreachable device answers again.
  public enum Debt: String, Codable, Sendable {
    case commit
    case revert
  }
  public var state: DeviceState
  /// Whether the variant may ever have run on the device in this rollout.
  public var isTouched: Bool
  public var debt: Debt?
  /// How often a trial was begun.
  public var trials: Int
  public var evidence: Evidence?
  /// The bound on the rate of violations that was stated when the device passed.
  public var bound: Double?
  /// Why the device was skipped, left out or lost: for people.
  public var problem: String?

  public init(state: DeviceState = .pending) {
    self.state = state
    self.isTouched = false
    self.debt = nil
    self.trials = 0
    self.evidence = nil
    self.bound = nil
    self.problem = nil
  }
}
