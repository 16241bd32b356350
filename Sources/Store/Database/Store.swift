import Foundation
import GRDB

/// The workspace's database: SQLite in WAL mode, shared by any number of processes.
///
/// Every call is one transaction. Calls may come from any thread; they block for as long as the
/// disk takes, and wait up to ten seconds for another process's transaction.
public final class Store: Sendable {
  /// The path of the database file.
  public let path: String
  let pool: DatabasePool

  /// Opens the database, makes it when there is none, and brings an older one up to date.
  public init(path: String, waitingUpTo seconds: Double = 10) throws(StoreError) {
    self.path = path
    var configuration = Configuration()
    configuration.busyMode = .timeout(seconds)
    configuration.prepareDatabase { db in
      // An event is on disk when its transaction returns, whatever happens to the machine after.
      try db.execute(sql: "PRAGMA synchronous = FULL")
    }
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
      let migrator = Schema.migrator
      let state = try pool.read { db in
        (try migrator.hasBeenSuperseded(db), try migrator.hasCompletedMigrations(db))
      }
      if state.0 { throw StoreError.newerSchema(path: path) }
      if !state.1 { try migrator.migrate(pool) }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try pool.read(body)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try pool.write(body)
    } catch {
      throw StoreError(error, path: path)
    }
  }
}

/// Milliseconds since 1970 by this machine's clock.
public func millisecondsSince1970() -> UInt64 {
  UInt64(max(0, Date().timeIntervalSince1970 * 1_000))
}

/// Values that are kept as JSON text: sorted keys, so that equal values are equal text.
enum StoredJSON {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func value<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: Data(text.utf8))
  }
}
