public import Rollout

/// A rollout's events in the database: written by one controller at a time.
public actor StoredJournal: RolloutJournal {
  private let store: Store
  private let rollout: Int64
  /// Events that this controller has read or written; another number in the database means another controller.
  private var count: Int?

  init(store: Store, rollout: Int64) {
    self.store = store
    self.rollout = rollout
  }

  public func events() async throws -> [RolloutEvent] {
    let events = try store.events(ofRollout: rollout)
    count = events.count
    return events
  }

  public func append(_ events: [RolloutEvent]) async throws {
    let known = try count ?? store.events(ofRollout: rollout).count
    try store.append(events, toRollout: rollout, after: known)
    count = known + events.count
  }
}
