public import AgentProtocol
public import Encoding

/// How a device was found when it was asked for its status, reduced to what the machine needs.
public enum Observation: Hashable, Codable, Sendable {
  /// The variant runs, on trial.
  case onTrial
  /// The variant runs and is trusted.
  case committed
  /// Another variant runs, or none: no trial was ever begun, or it ended because no word came in time.
  case away
  /// Another variant runs, or none, and the device ended the trial for this reason.
  case revertedItself(String)

  /// - Parameter evidence: since the rollout's activation; its reversals tell why the device left.
  public init(status: DeviceStatus, variant: Digest, evidence: Evidence) {
    if status.active == variant {
      self = status.phase == .onTrial ? .onTrial : .committed
    } else if let reason = evidence.reversals.last {
      self = .revertedItself(reason)
    } else {
      self = .away
    }
  }
}
