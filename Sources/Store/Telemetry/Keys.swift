import Encoding
import GRDB

/// Short numbers for installations and variants, so that a prediction takes some thirty bytes.
enum Keys {
  static func installation(_ uuid: String, in db: Database) throws -> Int64? {
    try Int64.fetchOne(
      db, sql: "SELECT id FROM installation WHERE uuid = ?", arguments: [uuid])
  }

  static func makeInstallation(_ uuid: String, in db: Database) throws -> Int64 {
    if let known = try installation(uuid, in: db) { return known }
    try db.execute(sql: "INSERT INTO installation (uuid) VALUES (?)", arguments: [uuid])
    return db.lastInsertedRowID
  }

  static func variant(_ digest: Digest, in db: Database) throws -> Int64? {
    try Int64.fetchOne(
      db, sql: "SELECT id FROM variant_key WHERE digest = ?", arguments: [digest.hex])
  }

  static func makeVariant(_ digest: Digest, in db: Database) throws -> Int64 {
    if let known = try variant(digest, in: db) { return known }
    try db.execute(sql: "INSERT INTO variant_key (digest) VALUES (?)", arguments: [digest.hex])
    return db.lastInsertedRowID
  }
}
