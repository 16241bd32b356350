public import Encoding
import GRDB

/// One device in a question about several.
public struct DeviceKey: Hashable, Sendable {
  public var name: String
  public var installation: String

  public init(name: String, installation: String) {
    self.name = name
    self.installation = installation
  }
}

extension Store {
  /// One summary a device, in the order of `devices`; of one moment for all.
  ///
  /// - Parameters:
  ///   - since: milliseconds since 1970; `nil` is from the beginning.
  ///   - variant: counts this variant's predictions only.
  ///   - budget: microseconds.
  public func summaries(
    of devices: [DeviceKey], since: UInt64? = nil, variant: Digest? = nil, budget: UInt64
  ) throws(StoreError) -> [DeviceSummary] {
    try read { db in
      let variantKey = try variant.map { try Keys.variant($0, in: db) ?? -1 }
      return try devices.map { device in
        var summary = DeviceSummary(device: device.name)
        guard let key = try Keys.installation(device.installation, in: db) else { return summary }
        let query = SummaryQuery(
          installation: key, since: Int64(clamping: since ?? 0), variant: variantKey,
          budget: budget)
        try query.fill(&summary, in: db)
        return summary
      }
    }
  }
}

private struct SummaryQuery {
  var installation: Int64
  var since: Int64
  var variant: Int64?
  var budget: UInt64

  private var sinceDay: Int64 { since / 86_400_000 }

  func fill(_ summary: inout DeviceSummary, in db: Database) throws {
    try addPredictions(to: &summary, in: db)
    try addFailures(to: &summary, in: db)
    try addFeedback(to: &summary, in: db)
    try addState(to: &summary, in: db)
  }

  private func rows(_ db: Database, _ sql: String, byVariant: Bool = true) throws -> [Row] {
    let filter = byVariant && variant != nil ? " AND variant = \(variant ?? 0)" : ""
    return try Row.fetchAll(
      db, sql: sql.replacing("WHERE", with: "WHERE installation = :device\(filter) AND"),
      arguments: ["device": installation, "since": since, "day": sinceDay])
  }

  private func addPredictions(to summary: inout DeviceSummary, in db: Database) throws {
    var latencies: [UInt64] = []
    for row in try rows(
      db, "SELECT latency, source, expected, label FROM prediction WHERE at >= :since")
    {
      latencies.append(UInt64(clamping: row["latency"] as Int64))
      if row["source"] as Int64 == 1, let expected = row["expected"] as Int64? {
        summary.probed += 1
        if expected == row["label"] as Int64? { summary.probedCorrect += 1 }
      }
    }
    latencies.sort()
    let buckets = try rows(
      db,
      "SELECT bucket, sum(count) AS n FROM latency_day WHERE day >= :day GROUP BY bucket ORDER BY bucket"
    ).map { (value: LatencyBuckets.value(of: $0["bucket"]), count: $0["n"] as Int) }
    for row in try rows(
      db, "SELECT source, labelled, correct, worst FROM prediction_day WHERE day >= :day")
    {
      summary.worst = max(summary.worst, UInt64(clamping: row["worst"] as Int64))
      if row["source"] as Int64 == 1 {
        summary.probed += row["labelled"] as Int
        summary.probedCorrect += row["correct"] as Int
      }
    }
    let total = latencies.count + buckets.reduce(0) { $0 + $1.count }
    func quantile(_ share: Double) -> UInt64 {
      Quantile.merged(share, exact: latencies, buckets: buckets, total: total)
    }
    summary.predictions = total
    summary.isExact = buckets.isEmpty
    (summary.p50, summary.p95, summary.p99) = (quantile(0.5), quantile(0.95), quantile(0.99))
    summary.worst = max(summary.worst, latencies.last ?? 0)
    summary.misses =
      latencies.count { $0 > budget }
      + buckets.reduce(0) { $0 + ($1.value > budget ? $1.count : 0) }
  }

  private func addFailures(to summary: inout DeviceSummary, in db: Database) throws {
    let failures = try rows(
      db, "SELECT reason FROM failure WHERE at >= :since ORDER BY boot, sequence")
    summary.failures = failures.count
    summary.newestFailure = failures.last?["reason"]
  }

  /// A label that was given twice for one prediction counts once, as it was given last.
  private func addFeedback(to summary: inout DeviceSummary, in db: Database) throws {
    for row in try rows(
      db,
      """
      SELECT predicted, label, max(boot * 1099511627776 + sequence) FROM feedback
      WHERE at >= :since AND predicted IS NOT NULL GROUP BY of_boot, of_sequence
      """)
    {
      summary.judged += 1
      if row["predicted"] as Int64 == row["label"] as Int64 { summary.judgedCorrect += 1 }
    }
    for row in try rows(db, "SELECT count, correct FROM feedback_day WHERE day >= :day") {
      summary.judged += row["count"] as Int
      summary.judgedCorrect += row["correct"] as Int
    }
  }

  private func addState(to summary: inout DeviceSummary, in db: Database) throws {
    let memory = try rows(
      db,
      """
      SELECT daemon, model FROM memory WHERE at >= :since
      ORDER BY boot DESC, sequence DESC LIMIT 1
      """, byVariant: false
    ).first
    summary.daemonMemory = (memory?["daemon"] as Int64?).map { UInt64(clamping: $0) }
    summary.modelMemory = (memory?["model"] as Int64?).map { UInt64(clamping: $0) }
    summary.lost =
      try rows(
        db, "SELECT coalesce(sum(count), 0) AS n FROM gap WHERE at >= :since", byVariant: false
      ).first.map { $0["n"] as Int } ?? 0
    summary.reversals = try rows(
      db, "SELECT detail FROM happening WHERE kind = 'reverted' AND at >= :since"
    ).count { ReversalReason.isTheVariants($0["detail"]) }
    summary.collected = try Int64.fetchOne(
      db, sql: "SELECT at FROM collected WHERE installation = ?", arguments: [installation]
    ).map { UInt64(clamping: $0) }
  }
}
