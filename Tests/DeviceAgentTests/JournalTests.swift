import AgentProtocol
import Encoding
import Foundation
import Testing

@testable import DeviceAgent

@Suite struct JournalTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(boot: UInt64 = 1, bytes: UInt64 = 1 << 20) throws -> Journal {
    try Journal(folder["journal"], boot: boot, maximumBytes: bytes)
  }

  private func fill(_ journal: Journal, _ count: Int) throws {
    for _ in 0..<count { try journal.append(.memory(daemon: 1, model: 2), uptime: 3, wallClock: 4) }
  }

  /// Everything, fetched in pieces as a controller does.
  private func all(_ journal: Journal, piece: UInt64 = 2000) throws -> [TelemetryRecord] {
    var records: [TelemetryRecord] = []
    while true {
      let batch = try journal.collect(after: records.last?.position, maximumBytes: piece)
      records += batch.records
      if !batch.hasMore { return records }
    }
  }

  @Test func recordsComeBackInOrderInPiecesAndAcrossStarts() throws {
    do { try fill(open(), 500) }
    let journal = try open(boot: 2)
    try fill(journal, 10)
    let records = try all(journal)
    #expect(records.count == 510)
    #expect(records.map { $0.position } == records.map { $0.position }.sorted())
    #expect(records.last?.position == JournalPosition(boot: 2, sequence: 10))
  }

  @Test func collectingTwiceGivesTheSame() throws {
    let journal = try open()
    try fill(journal, 50)
    let after = JournalPosition(boot: 1, sequence: 20)
    let first = try journal.collect(after: after, maximumBytes: 200)
    #expect(try journal.collect(after: after, maximumBytes: 200) == first)
    #expect(first.records.first?.position.sequence == 21)
    #expect(first.hasMore)
  }

  @Test func fullJournalDropsTheOldestAndSaysHowMany() throws {
    let journal = try open(bytes: 2 * JournalSegment.size)
    try fill(journal, 20_000)
    let used = try FileManager.default.contentsOfDirectory(atPath: folder["journal"])
      .filter { $0.hasSuffix(".segment") }
    #expect(used.count == 2)
    let records = try all(journal, piece: 100_000)
    guard case .gap(let count) = records[0].event else {
      Issue.record("the first record is \(records[0])")
      return
    }
    #expect(count + UInt64(records.count - 1) == 20_000)
    #expect(records[0].position.sequence == count)
    #expect(records[1].position.sequence == count + 1)
    // The count survives a start.
    let next = try open(boot: 2, bytes: 2 * JournalSegment.size)
    #expect(try all(next, piece: 100_000).first == records[0])
  }

  @Test func acknowledgedRecordsAreNoGap() throws {
    let journal = try open(bytes: 2 * JournalSegment.size)
    for _ in 0..<20 {
      try fill(journal, 1000)
      try journal.acknowledge(JournalPosition(boot: 1, sequence: journal.next.sequence - 1))
    }
    let records = try journal.collect(
      after: JournalPosition(boot: 1, sequence: 20_000), maximumBytes: 1000)
    #expect(records.records.isEmpty)
    #expect(journal.dropped == nil)
  }

  @Test func aGapGoesAwayOnceAcknowledged() throws {
    let journal = try open(bytes: 2 * JournalSegment.size)
    try fill(journal, 20_000)
    let gap = try #require(try all(journal, piece: 100_000).first)
    try journal.acknowledge(gap.position)
    let first = try #require(try all(journal, piece: 100_000).first)
    #expect(first.position.sequence == gap.position.sequence + 1)
  }

  @Test func aTailTornAtAnyByteLosesOnlyTheLastRecord() throws {
    do { try fill(open(), 3) }
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder["journal"])
        .first { $0.hasSuffix(".segment") })
    let path = folder["journal/\(name)"]
    let whole = try [UInt8](Data(contentsOf: URL(filePath: path)))
    var ends: [Int] = []
    try JournalSegment.read(path) { _, end in
      ends.append(Int(end))
      return true
    }
    for cut in ends[1]..<ends[2] {
      var torn = whole
      for index in cut..<whole.count { torn[index] = 0 }
      // A cut may fall where the record ends in zeros anyway.
      if torn == whole { continue }
      try Data(torn).write(to: URL(filePath: path))
      let journal = try open(boot: 2)
      try fill(journal, 1)
      let positions = try all(journal).map { $0.position }
      #expect(
        positions == [
          JournalPosition(boot: 1, sequence: 1), JournalPosition(boot: 1, sequence: 2),
          JournalPosition(boot: 2, sequence: 1),
        ])
    }
  }

  @Test func aWholeRecordBehindATornOneStaysDead() throws {
    do { try fill(open(), 3) }
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder["journal"])
        .first { $0.hasSuffix(".segment") })
    let path = folder["journal/\(name)"]
    var ends: [Int] = []
    try JournalSegment.read(path) { _, end in
      ends.append(Int(end))
      return true
    }
    var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    bytes[ends[0] + 10] ^= 1
    try Data(bytes).write(to: URL(filePath: path))
    do { try fill(open(boot: 2), 1) }
    let positions = try all(open(boot: 3)).map { $0.position }
    #expect(
      positions == [
        JournalPosition(boot: 1, sequence: 1), JournalPosition(boot: 2, sequence: 1),
      ])
  }
}
