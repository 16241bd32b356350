/// One thing to do on one device, started by a ``RolloutConductor`` and answered to it.
public struct Operation: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case stage
    case observe
    case activate
    case gather(predictions: Int)
    case commit
    case revert(reason: String)
    /// Gives the device a word and looks whether it still holds the trial.
    case heartbeat
  }
  /// Distinguishes this start from every other.
  public var token: Int
  public var device: String
  public var kind: Kind
}

/// What came of an operation.
public enum OperationResult: Hashable, Sendable {
  case done
  /// Of `observe` and `heartbeat`.
  case observation(Observation)
  /// Of `gather`; `fault` tells why the probe did not run, where it did not.
  case gathered(Evidence, Observation, fault: DeviceFault?)
  case fault(DeviceFault)
}

/// What a driver does next, in this order: keep `events`, end `cancelled`, start `launched`, and
/// come back at `wakeAt` if nothing was answered before.
public struct ConductorStep: Equatable, Sendable {
  public var events: [RolloutEvent] = []
  public var cancelled: [Int] = []
  public var launched: [Operation] = []
  /// On the driver's own time line; `nil` when only answers can change anything.
  public var wakeAt: Duration?
  /// Set when the rollout has ended and nothing is running any more.
  public var outcome: RolloutOutcome?
}
