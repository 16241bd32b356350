public import AgentProtocol
import Encoding
import GRDB

/// What became of a batch.
public struct IngestResult: Equatable, Sendable {
  /// Records that are stored now.
  public var stored: Int
  /// Records that had been stored before.
  public var skipped: Int
  /// Everything up to here is stored and may be acknowledged; `nil` when nothing ever was.
  public var upTo: JournalPosition?

  public init(stored: Int, skipped: Int, upTo: JournalPosition?) {
    self.stored = stored
    self.skipped = skipped
    self.upTo = upTo
  }
}

extension Store {
  /// Where collecting goes on: the newest record of this installation that is stored.
  public func position(_ installation: String) throws(StoreError) -> JournalPosition? {
    try read { db in
      guard let key = try Keys.installation(installation, in: db) else { return nil }
      return try Store.position(key, in: db)
    }
  }

  /// Stores a batch in one transaction. Records at or before ``position(_:)`` are skipped, so a batch
  /// that is stored again changes nothing.
  ///
  /// - Parameter receivedAt: milliseconds since 1970 by the controller's clock; stands in where
  ///   the device's clock cannot be right.
  public func ingest(
    _ batch: TelemetryBatch, installation: String,
    receivedAt: UInt64 = millisecondsSince1970()
  ) throws(StoreError) -> IngestResult {
    try write { db in
      let key = try Keys.makeInstallation(installation, in: db)
      var newest = try Store.position(key, in: db)
      var result = IngestResult(stored: 0, skipped: 0, upTo: nil)
      var writer = TelemetryWriter(installation: key, receivedAt: receivedAt)
      for record in batch.records {
        if let newest, record.position <= newest {
          result.skipped += 1
          continue
        }
        try writer.write(record, in: db)
        newest = record.position
        result.stored += 1
      }
      result.upTo = newest
      if let newest, result.stored > 0 {
        try db.execute(
          sql: """
            INSERT INTO collected (installation, boot, sequence, at) VALUES (?, ?, ?, ?)
            ON CONFLICT (installation) DO UPDATE SET
              boot = excluded.boot, sequence = excluded.sequence, at = excluded.at
            """,
          arguments: [
            key, Int64(clamping: newest.boot), Int64(clamping: newest.sequence),
            Int64(clamping: receivedAt),
          ])
        try History.foldIfFull(installation: key, in: db)
      }
      return result
    }
  }

  private static func position(_ key: Int64, in db: Database) throws -> JournalPosition? {
    try Row.fetchOne(
      db, sql: "SELECT boot, sequence FROM collected WHERE installation = ?", arguments: [key]
    ).map {
      JournalPosition(
        boot: UInt64(clamping: $0["boot"] as Int64),
        sequence: UInt64(clamping: $0["sequence"] as Int64))
    }
  }
}
