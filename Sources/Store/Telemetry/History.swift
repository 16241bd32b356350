import Foundation
import GRDB

/// Folds old predictions into daily counts and latency buckets, so that 5,000 devices at one
/// prediction a second stay some gigabytes for years rather than for a morning.
enum History {
  /// Exact predictions that are kept for each device at least; twice as many are there before the older half is folded.
  static let exactPredictions = 10_000
  private static let day = 86_400_000

  static func foldIfFull(installation: Int64, in db: Database) throws {
    try fold("prediction", keeping: exactPredictions, of: installation, in: db) { before in
      try foldPredictions(installation, before, in: db)
    }
    try fold("feedback", keeping: exactPredictions, of: installation, in: db) { before in
      try foldFeedback(installation, before, in: db)
    }
    // Of memory only the recent course matters.
    try fold("memory", keeping: 1_000, of: installation, in: db) { _ in }
  }

  /// A place between the records to fold and those to keep.
  struct Border {
    var boot: Int64
    var sequence: Int64
  }

  private static func fold(
    _ table: String, keeping count: Int, of installation: Int64, in db: Database,
    _ body: (Border) throws -> Void
  ) throws {
    let sql = """
      SELECT boot, sequence FROM \(table) WHERE installation = ?
      ORDER BY boot DESC, sequence DESC LIMIT 1 OFFSET ?
      """
    guard
      try Row.fetchOne(db, sql: sql, arguments: [installation, 2 * count - 1]) != nil,
      let row = try Row.fetchOne(db, sql: sql, arguments: [installation, count - 1])
    else { return }
    let border = Border(boot: row["boot"], sequence: row["sequence"])
    try body(border)
    try db.execute(
      sql: "DELETE FROM \(table) WHERE installation = ? AND (boot, sequence) < (?, ?)",
      arguments: [installation, border.boot, border.sequence])
  }

  private static func foldPredictions(
    _ installation: Int64, _ before: Border, in db: Database
  ) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT at / \(day) AS day, variant, source, latency, expected, label FROM prediction
        WHERE installation = ? AND (boot, sequence) < (?, ?)
        """, arguments: [installation, before.boot, before.sequence])
    var latencies: [LatencyKey: Int] = [:]
    var totals: [DayKey: DayTotals] = [:]
    while let row = try rows.next() {
      let key = DayKey(day: row["day"], variant: row["variant"], source: row["source"])
      let latency = UInt64(clamping: row["latency"] as Int64)
      latencies[LatencyKey(day: key, bucket: LatencyBuckets.bucket(of: latency)), default: 0] += 1
      var total = totals[key] ?? DayTotals()
      total.count += 1
      total.worst = max(total.worst, row["latency"])
      if let expected = row["expected"] as Int64? {
        total.labelled += 1
        if expected == row["label"] as Int64? { total.correct += 1 }
      }
      totals[key] = total
    }
    try write(totals, latencies, installation, in: db)
  }

  private static func write(
    _ totals: [DayKey: DayTotals], _ latencies: [LatencyKey: Int], _ installation: Int64,
    in db: Database
  ) throws {
    for (key, total) in totals {
      try db.execute(
        sql: """
          INSERT INTO prediction_day VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET count = count + excluded.count,
            labelled = labelled + excluded.labelled, correct = correct + excluded.correct,
            worst = max(worst, excluded.worst)
          """,
        arguments: [
          installation, key.day, key.variant, key.source, total.count, total.labelled,
          total.correct, total.worst,
        ])
    }
    for (key, count) in latencies {
      try db.execute(
        sql: """
          INSERT INTO latency_day VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET count = count + excluded.count
          """,
        arguments: [
          installation, key.day.day, key.day.variant, key.day.source, key.bucket, count,
        ])
    }
  }

  private static func foldFeedback(
    _ installation: Int64, _ before: Border, in db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO feedback_day
        SELECT installation, at / \(day), coalesce(variant, 0), count(*),
          sum(coalesce(predicted = label, 0))
        FROM feedback WHERE installation = ? AND (boot, sequence) < (?, ?)
        GROUP BY 1, 2, 3
        ON CONFLICT DO UPDATE SET count = count + excluded.count,
          correct = correct + excluded.correct
        """, arguments: [installation, before.boot, before.sequence])
  }

  struct DayKey: Hashable {
    var day: Int64
    var variant: Int64
    var source: Int64
  }
  struct LatencyKey: Hashable {
    var day: DayKey
    var bucket: Int
  }
  struct DayTotals {
    var count = 0
    var labelled = 0
    var correct = 0
    var worst: Int64 = 0
  }
}
