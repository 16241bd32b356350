import GRDB

/// Who changed what, and when.
public struct AuditEntry: Equatable, Sendable, Encodable {
  /// Milliseconds since 1970.
  public var at: UInt64
  public var person: String
  /// The command's name, such as `rollout start`.
  public var action: String
  public var detail: String

  public init(
    at: UInt64 = millisecondsSince1970(), person: String, action: String, detail: String
  ) {
    self.at = at
    self.person = person
    self.action = action
    self.detail = detail
  }
}

extension Store {
  public func record(_ entry: AuditEntry) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "INSERT INTO audit (at, person, action, detail) VALUES (?, ?, ?, ?)",
        arguments: [Int64(clamping: entry.at), entry.person, entry.action, entry.detail])
    }
  }

  /// Newest first.
  public func audit(limit: Int = 100) throws(StoreError) -> [AuditEntry] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT at, person, action, detail FROM audit ORDER BY id DESC LIMIT ?",
        arguments: [limit]
      ).map {
        AuditEntry(
          at: UInt64(clamping: $0["at"] as Int64), person: $0["person"], action: $0["action"],
          detail: $0["detail"])
      }
    }
  }
}
