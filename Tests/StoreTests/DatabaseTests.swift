import Foundation
import GRDB
import Testing

@testable import Store

struct DatabaseTests {
  @Test func opensTwiceAndKeepsWhatWasWritten() throws {
    let folder = try TemporaryFolder()
    try Store(path: folder.file("state.sqlite")).save(Samples.facts(), ofDevice: "pi-01", seen: 5)
    let again = try Store(path: folder.file("state.sqlite"))
    #expect(try again.facts(ofDevice: "pi-01") == StoredFacts(facts: Samples.facts(), seen: 5))
    try again.removeDevice("pi-01")
    #expect(try again.allFacts().isEmpty)
  }

  @Test func aNewerSchemaIsRefusedAndLeftAlone() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state.sqlite")
    _ = try Store(path: path)
    try DatabaseQueue(path: path).write { db in
      try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('v999')")
    }
    #expect(throws: StoreError.newerSchema(path: path)) { try Store(path: path) }
  }

  @Test func whatIsNoDatabaseIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state.sqlite")
    try String(repeating: "no database at all. ", count: 400).write(
      toFile: path, atomically: true, encoding: .utf8)
    do {
      _ = try Store(path: path)
      Issue.record("a text file was opened as a database")
    } catch {
      guard case .damaged(path, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func aDamagedPageIsAnErrorAndNoCrash() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state.sqlite")
    do {
      let store = try Store(path: path)
      for index in 0..<200 {
        try store.save(Samples.facts("\(index)"), ofDevice: "pi-\(index)")
      }
      try store.pool.writeWithoutTransaction { db in
        _ = try db.checkpoint(.truncate)
      }
      try store.pool.close()
    }
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for index in 4_096..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: StoreError.self) {
      let store = try Store(path: path)
      _ = try store.allFacts()
      _ = try store.models()
    }
  }

  @Test func aFolderThatIsNotThereIsAnError() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("none/state.sqlite")
    do {
      _ = try Store(path: path)
      Issue.record("opened")
    } catch {
      guard case .notWritable(path, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func aDatabaseThatIsHeldByAnotherIsBusy() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state.sqlite")
    let store = try Store(path: path, waitingUpTo: 0.05)
    let other = try DatabaseQueue(path: path)
    try other.inDatabase { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      #expect(throws: StoreError.busy(path: path)) {
        try store.save(Samples.facts(), ofDevice: "pi-01")
      }
      #expect(try store.allFacts().isEmpty, "reading goes on meanwhile")
      try db.execute(sql: "COMMIT")
    }
    try store.save(Samples.facts(), ofDevice: "pi-01")
    #expect(try store.allFacts().count == 1)
  }

  @Test func severalWritersLoseNothing() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state.sqlite")
    _ = try Store(path: path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          // A store of its own, as a process of its own would have.
          let store = try Store(path: path)
          for index in 0..<25 {
            try store.save(Samples.facts(), ofDevice: "pi-\(writer)-\(index)")
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try Store(path: path).allFacts().count == 100)
  }

  /// The tables of a released version, as they were then: a change to the migration itself shows here.
  @Test func theFirstSchemaIsNeverChanged() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    let tables = try store.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
          ORDER BY name
          """)
    }
    #expect(
      tables == [
        "audit", "collected", "device", "failure", "feedback", "feedback_day", "gap",
        "grdb_migrations", "happening", "installation", "latency_day", "memory", "model",
        "prediction", "prediction_day", "rollout", "rollout_event", "variant", "variant_key",
      ])
  }

  @Test func theAuditIsInOrder() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    for number in 1...3 {
      try store.record(
        AuditEntry(at: UInt64(number), person: "eva", action: "rollout start", detail: "#\(number)")
      )
    }
    #expect(try store.audit(limit: 2).map(\.detail) == ["#3", "#2"])
  }
}
