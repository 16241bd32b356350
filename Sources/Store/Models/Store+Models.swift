public import Encoding
import Foundation
import GRDB

extension Store {
  /// Adds the model, or replaces what was kept under its name.
  public func save(_ model: ModelRecord) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO model (name, record, added) VALUES (?, ?, ?)
          ON CONFLICT (name) DO UPDATE SET record = excluded.record, added = excluded.added
          """,
        arguments: [model.name, try StoredJSON.text(model), Int64(clamping: model.added)])
    }
  }

  public func model(named name: String) throws(StoreError) -> ModelRecord? {
    try read { db in
      try String.fetchOne(
        db, sql: "SELECT record FROM model WHERE name = ?", arguments: [name]
      ).map { try StoredJSON.value(ModelRecord.self, from: $0) }
    }
  }

  /// By name.
  public func models() throws(StoreError) -> [ModelRecord] {
    try read { db in
      try String.fetchAll(db, sql: "SELECT record FROM model ORDER BY name")
        .map { try StoredJSON.value(ModelRecord.self, from: $0) }
    }
  }

  /// Adds the variant; its model must be there. Saved again, its measures are replaced.
  public func save(_ variant: VariantRecord) throws(StoreError) {
    try write { db in
      let detail = VariantDetail(packageSize: variant.packageSize, measures: variant.measures)
      try db.execute(
        sql: """
          INSERT INTO variant (digest, model, recipe, manifest, detail, added)
          VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (digest) DO UPDATE SET detail = excluded.detail, added = excluded.added
          """,
        arguments: [
          variant.digest.hex, variant.model, variant.recipe, Data(variant.manifest),
          try StoredJSON.text(detail), Int64(clamping: variant.added),
        ])
    }
  }

  public func variant(_ digest: Digest) throws(StoreError) -> VariantRecord? {
    try variants(where: "digest = ?", [digest.hex]).first
  }

  /// Newest first; of every model when none is named.
  public func variants(ofModel model: String? = nil) throws(StoreError) -> [VariantRecord] {
    guard let model else { return try variants(where: "1", []) }
    return try variants(where: "model = ?", [model])
  }

  /// The variant that a person means: `model@recipe` (the newest of that name), or at least four
  /// first digits of its digest.
  public func variant(matching text: String) throws(StoreError) -> VariantRecord {
    if let at = text.firstIndex(of: "@") {
      let recipe = String(text[text.index(after: at)...])
      let named = try variants(where: "model = ? AND recipe = ?", [String(text[..<at]), recipe])
      guard let newest = named.first else { throw .unknown("variant \(text)") }
      return newest
    }
    let digits = text.lowercased()
    guard digits.count >= 4, digits.allSatisfy(\.isHexDigit) else {
      throw .unknown("variant \(text) (write model@recipe, or a digest's first digits)")
    }
    let found = try variants(where: "digest LIKE ? || '%'", [digits])
    if found.count > 1 {
      throw .ambiguous(text, candidates: found.map { "\($0.name) \($0.digest.hex.prefix(12))" })
    }
    guard let only = found.first else { throw .unknown("variant \(text)") }
    return only
  }

  private func variants(
    where condition: String, _ arguments: [String]
  ) throws(StoreError) -> [VariantRecord] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM variant WHERE \(condition) ORDER BY added DESC, digest",
        arguments: StatementArguments(arguments)
      ).map(Store.variantRecord)
    }
  }

  private static func variantRecord(_ row: Row) throws -> VariantRecord {
    let detail = try StoredJSON.value(VariantDetail.self, from: row["detail"])
    guard let digest = Digest(hex: row["digest"]) else {
      throw StoreError.unreadable("variant \(row["digest"] as String)")
    }
    return VariantRecord(
      digest: digest, model: row["model"], recipe: row["recipe"],
      manifest: [UInt8](row["manifest"] as Data), packageSize: detail.packageSize,
      measures: detail.measures, added: UInt64(clamping: row["added"] as Int64))
  }
}

private struct VariantDetail: Codable {
  var packageSize: UInt64
  var measures: [String: Double]
}
