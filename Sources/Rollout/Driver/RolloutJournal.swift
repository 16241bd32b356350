/// Where a rollout's events are kept.
public protocol RolloutJournal: Sendable {
  /// On return the events are on disk. Throws when another controller has written in between.
  func append(_ events: [RolloutEvent]) async throws
  /// Every event so far, oldest first.
  func events() async throws -> [RolloutEvent]
}
