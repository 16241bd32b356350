import AgentProtocol
import Encoding
import GRDB

/// Writes one batch's records, each into the table of its kind.
struct TelemetryWriter {
  let installation: Int64
  let receivedAt: UInt64
  private var variants: [Digest: Int64] = [:]

  init(installation: Int64, receivedAt: UInt64) {
    self.installation = installation
    self.receivedAt = receivedAt
  }

  mutating func write(_ record: TelemetryRecord, in db: Database) throws {
    switch record.event {
    case .prediction(let variant, let source, let label, let expected, let latency, let inference):
      try insert(
        record, into: "prediction",
        "variant, source, label, expected, latency, inference",
        [
          try key(variant, in: db), Int64(source.rawValue), number(label), number(expected),
          number(latency), number(inference),
        ], in: db)
    case .failure(let variant, let source, let reason):
      try insert(
        record, into: "failure", "variant, source, reason",
        [try key(variant, in: db), Int64(source.rawValue), reason], in: db)
    case .feedback(let prediction, let variant, let predicted, let label):
      try insert(
        record, into: "feedback", "of_boot, of_sequence, variant, predicted, label",
        [
          number(prediction.boot), number(prediction.sequence),
          try variant.map { try key($0, in: db) }, number(predicted), number(label),
        ], in: db)
    case .activated(let variant, let epoch):
      try happened(record, "activated", variant, epoch: epoch, in: db)
    case .committed(let variant):
      try happened(record, "committed", variant, in: db)
    case .reverted(let from, _, let reason):
      try happened(record, "reverted", from, detail: reason, in: db)
    case .quarantined(let variant):
      try happened(record, "quarantined", variant, in: db)
    case .started(let version, let starts):
      try happened(record, "started", nil, detail: "\(version), start \(starts)", in: db)
    case .memory(let daemon, let model):
      try insert(record, into: "memory", "daemon, model", [number(daemon), number(model)], in: db)
    case .gap(let count):
      try insert(record, into: "gap", "count", [number(count)], in: db)
    }
  }

  private func happened(
    _ record: TelemetryRecord, _ kind: String, _ variant: Digest?, epoch: Epoch? = nil,
    detail: String = "", in db: Database
  ) throws {
    try insert(
      record, into: "happening", "kind, variant, epoch, detail",
      [
        kind, try variant.map { try Keys.makeVariant($0, in: db) }, number(epoch?.number), detail,
      ], in: db)
  }

  private func insert(
    _ record: TelemetryRecord, into table: String, _ columns: String,
    _ values: [(any DatabaseValueConvertible)?], in db: Database
  ) throws {
    let marks = String(repeating: ", ?", count: values.count)
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO \(table) (installation, boot, sequence, at, \(columns))
        VALUES (?, ?, ?, ?\(marks))
        """)
    let head: [(any DatabaseValueConvertible)?] = [
      installation, number(record.position.boot), number(record.position.sequence),
      Int64(clamping: moment(of: record)),
    ]
    try statement.execute(arguments: StatementArguments(head + values))
  }

  /// The device's own clock, unless it stands before this program's time or ahead of ours.
  private func moment(of record: TelemetryRecord) -> UInt64 {
    let start2025: UInt64 = 1_735_689_600_000
    return record.wallClock >= start2025 && record.wallClock <= receivedAt
      ? record.wallClock : receivedAt
  }

  private mutating func key(_ digest: Digest, in db: Database) throws -> Int64 {
    if let known = variants[digest] { return known }
    let key = try Keys.makeVariant(digest, in: db)
    variants[digest] = key
    return key
  }

  private func number(_ value: UInt64?) -> Int64? { value.map { Int64(clamping: $0) } }
}
