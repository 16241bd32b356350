public import Rollout

/// A rollout as it is kept; its state is its plan with its events applied.
public struct RolloutRecord: Equatable, Sendable {
  public var id: Int64
  public var plan: RolloutPlan
  /// Milliseconds since 1970.
  public var started: UInt64
  /// `nil` while it is unfinished.
  public var ended: UInt64?
  public var outcome: RolloutOutcome?
  public var finding: Finding?
}
