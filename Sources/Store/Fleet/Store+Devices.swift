public import AgentProtocol
import GRDB

extension Store {
  /// Keeps what a device said of itself, in place of what it said before.
  public func save(
    _ facts: Facts, ofDevice name: String, seen: UInt64 = millisecondsSince1970()
  ) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO device (name, installation, facts, seen) VALUES (?, ?, ?, ?)
          ON CONFLICT (name) DO UPDATE SET
            installation = excluded.installation, facts = excluded.facts, seen = excluded.seen
          """,
        arguments: [
          name, facts.installation, try StoredJSON.text(FactsRow(facts)), Int64(clamping: seen),
        ])
    }
  }

  public func facts(ofDevice name: String) throws(StoreError) -> StoredFacts? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT facts, seen FROM device WHERE name = ?", arguments: [name]
      ).map(Store.storedFacts)
    }
  }

  /// By device name.
  public func allFacts() throws(StoreError) -> [String: StoredFacts] {
    try read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT name, facts, seen FROM device")
      return try Dictionary(
        uniqueKeysWithValues: rows.map { ($0["name"], try Store.storedFacts($0)) })
    }
  }

  /// Forgets the device's name and facts; its telemetry stays under its installation.
  public func removeDevice(_ name: String) throws(StoreError) {
    try write { db in
      try db.execute(sql: "DELETE FROM device WHERE name = ?", arguments: [name])
    }
  }

  private static func storedFacts(_ row: Row) throws -> StoredFacts {
    let facts = try StoredJSON.value(FactsRow.self, from: row["facts"])
    return StoredFacts(facts: facts.facts, seen: UInt64(clamping: row["seen"] as Int64))
  }
}
