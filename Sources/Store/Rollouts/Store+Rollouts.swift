public import AgentProtocol
import Encoding
import GRDB
public import Rollout

extension Store {
  /// An epoch greater than that of every rollout here, and than `seen`, the newest that a device has obeyed.
  public func nextEpoch(after seen: Epoch = Epoch(0)) throws(StoreError) -> Epoch {
    let newest = try read { db in
      try Int64.fetchOne(db, sql: "SELECT max(epoch) FROM rollout") ?? 0
    }
    return Epoch(max(UInt64(clamping: newest), seen.number) + 1)
  }

  /// Keeps a plan under a new number. Throws when its epoch was taken in the meantime.
  public func createRollout(_ plan: RolloutPlan) throws(StoreError) -> Int64 {
    try write { db in
      try db.execute(
        sql: "INSERT INTO rollout (epoch, variant, plan, started) VALUES (?, ?, ?, ?)",
        arguments: [
          Int64(clamping: plan.epochNumber), plan.variant.hex, try StoredJSON.text(plan),
          Int64(clamping: millisecondsSince1970()),
        ])
      return db.lastInsertedRowID
    }
  }

  public func rollout(_ id: Int64) throws(StoreError) -> RolloutRecord? {
    try rollouts(where: "id = ?", [id]).first
  }

  /// Newest first.
  public func rollouts() throws(StoreError) -> [RolloutRecord] {
    try rollouts(where: "1", [])
  }

  public func latestRollout() throws(StoreError) -> RolloutRecord? {
    try rollouts(where: "id = (SELECT max(id) FROM rollout)", []).first
  }

  /// Keeps how a run of the rollout ended, for lists; `nil` reopens it.
  public func finishRollout(
    _ id: Int64, outcome: RolloutOutcome?, finding: Finding?
  ) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE rollout SET ended = ?, outcome = ?, finding = ? WHERE id = ?",
        arguments: [
          outcome.map { _ in Int64(clamping: millisecondsSince1970()) }, outcome?.rawValue,
          try finding.map { try StoredJSON.text($0) }, id,
        ])
    }
  }

  /// Oldest first.
  public func events(ofRollout id: Int64) throws(StoreError) -> [RolloutEvent] {
    try read { db in
      try String.fetchAll(
        db, sql: "SELECT event FROM rollout_event WHERE rollout = ? ORDER BY sequence",
        arguments: [id]
      ).map { try StoredJSON.value(RolloutEvent.self, from: $0) }
    }
  }

  /// The rollout as it stands.
  public func snapshot(ofRollout record: RolloutRecord) throws(StoreError) -> RolloutSnapshot {
    RolloutSnapshot(
      RolloutMachine(plan: record.plan, replaying: try events(ofRollout: record.id)))
  }

  public func journal(of rollout: Int64) -> StoredJournal {
    StoredJournal(store: self, rollout: rollout)
  }

  func append(
    _ events: [RolloutEvent], toRollout id: Int64, after count: Int
  ) throws(StoreError) {
    try write { db in
      let newest = try Int.fetchOne(
        db, sql: "SELECT max(sequence) FROM rollout_event WHERE rollout = ?", arguments: [id])
      guard (newest ?? 0) == count else { throw StoreError.overtaken(rollout: id) }
      let now = Int64(clamping: millisecondsSince1970())
      for (offset, event) in events.enumerated() {
        try db.execute(
          sql: "INSERT INTO rollout_event (rollout, sequence, at, event) VALUES (?, ?, ?, ?)",
          arguments: [id, count + offset + 1, now, try StoredJSON.text(event)])
      }
    }
  }

  private func rollouts(
    where condition: String, _ arguments: [Int64]
  ) throws(StoreError) -> [RolloutRecord] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM rollout WHERE \(condition) ORDER BY id DESC",
        arguments: StatementArguments(arguments)
      ).map { row in
        RolloutRecord(
          id: row["id"], plan: try StoredJSON.value(RolloutPlan.self, from: row["plan"]),
          started: UInt64(clamping: row["started"] as Int64),
          ended: (row["ended"] as Int64?).map { UInt64(clamping: $0) },
          outcome: (row["outcome"] as String?).flatMap(RolloutOutcome.init(rawValue:)),
          finding: try (row["finding"] as String?).map {
            try StoredJSON.value(Finding.self, from: $0)
          })
      }
    }
  }
}
