public import AgentProtocol
public import Encoding
import GRDB
public import Rollout

extension Store {
  /// What a device has shown of `variant` since it was first activated there in `epoch`; empty
  /// when the record of that activation has not been collected, or was lost.
  ///
  /// - Parameter budget: microseconds.
  public func evidence(
    installation: String, variant: Digest, epoch: Epoch, budget: UInt64
  ) throws(StoreError) -> Evidence {
    try read { db in
      guard let installation = try Keys.installation(installation, in: db),
        let variant = try Keys.variant(variant, in: db),
        let start = try Row.fetchOne(
          db,
          sql: """
            SELECT boot, sequence FROM happening
            WHERE installation = ? AND kind = 'activated' AND variant = ? AND epoch = ?
            ORDER BY boot, sequence LIMIT 1
            """, arguments: [installation, variant, Int64(clamping: epoch.number)])
      else { return Evidence() }
      let scope = EvidenceScope(
        installation: installation, variant: variant, boot: start["boot"],
        sequence: start["sequence"])
      return try scope.evidence(budget: Int64(clamping: budget), in: db)
    }
  }
}

/// The records of one device after one moment.
private struct EvidenceScope {
  var installation: Int64
  var variant: Int64
  var boot: Int64
  var sequence: Int64

  private var condition: String { "installation = ? AND (boot, sequence) > (?, ?)" }
  private var place: [Int64] { [installation, boot, sequence] }

  func evidence(budget: Int64, in db: Database) throws -> Evidence {
    var evidence = Evidence()
    try addPredictions(to: &evidence, budget: budget, in: db)
    let reasons = try String.fetchAll(
      db,
      sql: "SELECT reason FROM failure WHERE \(condition) AND variant = ? ORDER BY boot, sequence",
      arguments: StatementArguments(place + [variant]))
    evidence.failures = reasons.count
    evidence.failureReasons = Array(reasons.prefix(3))
    evidence.lost =
      try Int.fetchOne(
        db, sql: "SELECT coalesce(sum(count), 0) FROM gap WHERE \(condition)",
        arguments: StatementArguments(place)) ?? 0
    evidence.reversals = try String.fetchAll(
      db,
      sql: """
        SELECT detail FROM happening WHERE \(condition) AND kind = 'reverted' AND variant = ?
        ORDER BY boot, sequence
        """, arguments: StatementArguments(place + [variant])
    ).filter(ReversalReason.isTheVariants)
    return evidence
  }

  private func addPredictions(
    to evidence: inout Evidence, budget: Int64, in db: Database
  ) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT latency, source, expected, label FROM prediction
        WHERE \(condition) AND variant = ?
        """, arguments: StatementArguments(place + [variant]))
    var latencies: [UInt64] = []
    while let row = try rows.next() {
      let latency: Int64 = row["latency"]
      latencies.append(UInt64(clamping: latency))
      if latency > budget { evidence.misses += 1 }
      if row["source"] as Int64 == Int64(PredictionSource.probe.rawValue),
        let expected = row["expected"] as Int64?
      {
        evidence.probed += 1
        if expected == row["label"] as Int64? { evidence.probedCorrect += 1 }
      }
    }
    latencies.sort()
    evidence.predictions = latencies.count
    evidence.p50 = Quantile.nearestRank(0.5, of: latencies)
    evidence.p99 = Quantile.nearestRank(0.99, of: latencies)
    evidence.worst = latencies.last ?? 0
  }
}

/// How agents word why a trial ended.
enum ReversalReason {
  /// Not when the controller asked for it or was not heard of in time.
  static func isTheVariants(_ reason: String) -> Bool {
    !reason.hasPrefix("no word from the controller") && !reason.hasPrefix("controller:")
  }
}
