import AgentProtocol
import Encoding
import Foundation
import Testing

@testable import DeviceAgent

@Suite struct StateFileTests {
  private func state(epoch: UInt64) -> SlotState {
    var state = SlotState()
    state.epoch = Epoch(epoch)
    state.active = SHA256.digest(of: [UInt8(epoch & 255)])
    return state
  }

  @Test func theNewestStateIsFoundAgain() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try StateFile(folder["state"])
      for epoch in 1...5 as ClosedRange<UInt64> { try file.save(state(epoch: epoch)) }
    }
    #expect(try StateFile(folder["state"]).saved == state(epoch: 5))
  }

  /// A write of which any number of bytes reached the disk: the state is the new or the old one.
  @Test func aTornWriteAtAnyByteLeavesOldOrNew() throws {
    let folder = try TemporaryFolder()
    let path = folder["state"]
    do {
      let file = try StateFile(path)
      try file.save(state(epoch: 1))
      try file.save(state(epoch: 2))
    }
    let before = try [UInt8](Data(contentsOf: URL(filePath: path)))
    do { try StateFile(path).save(state(epoch: 3)) }
    let after = try [UInt8](Data(contentsOf: URL(filePath: path)))
    let changed = before.indices.filter { before[$0] != after[$0] }
    let (first, last) = (try #require(changed.first), try #require(changed.last))
    #expect(last - first < StateFile.recordSize)
    for cut in first...last + 1 {
      let torn = Array(after[..<cut]) + Array(before[cut...])
      try Data(torn).write(to: URL(filePath: path))
      let file = try StateFile(path)
      #expect(file.damage == nil)
      #expect(file.saved == state(epoch: cut == last + 1 ? 3 : 2))
    }
  }

  @Test func everyFlippedByteOfTheNewestRecordGivesTheOlder() throws {
    let folder = try TemporaryFolder()
    let path = folder["state"]
    do {
      let file = try StateFile(path)
      try file.save(state(epoch: 1))
      try file.save(state(epoch: 2))
    }
    let whole = try [UInt8](Data(contentsOf: URL(filePath: path)))
    // Sequence 3 stands in the first record.
    let length = StateFile.headerSize + state(epoch: 2).encoded().count
    for index in 0..<length {
      var bytes = whole
      bytes[index] ^= 0x10
      try Data(bytes).write(to: URL(filePath: path))
      #expect(try StateFile(path).saved == state(epoch: 1))
    }
  }

  @Test func aFileThatIsAllRubbishStartsEmptyAndIsKept() throws {
    let folder = try TemporaryFolder()
    for rubbish in [[], [1, 2, 3], [UInt8](repeating: 0x42, count: 16384)] as [[UInt8]] {
      try Data(rubbish).write(to: URL(filePath: folder["state"]))
      let file = try StateFile(folder["state"])
      #expect(file.saved == SlotState())
      #expect(file.damage != nil)
      #expect(FileManager.default.contents(atPath: folder["state.damaged"]) == Data(rubbish))
      try file.save(state(epoch: 7))
      #expect(try StateFile(folder["state"]).saved == state(epoch: 7))
    }
  }

  @Test func unrecordedEventsSurvive() throws {
    var state = state(epoch: 1)
    state.trial = Trial(fallback: nil, epoch: Epoch(1), remaining: 5, failures: 1, starts: 2)
    state.ended = EndedTrial(variant: SHA256.digest(of: [9]), epoch: Epoch(1), wasReverted: true)
    state.failedTries = [FailedTries(variant: SHA256.digest(of: [8]), count: 2)]
    state.quarantined = [SHA256.digest(of: [7])]
    state.unrecorded = [
      TelemetryRecord(
        position: JournalPosition(boot: 3, sequence: 4), uptime: 5, wallClock: 6,
        event: .committed(variant: SHA256.digest(of: [1])))
    ]
    #expect(try SlotState(decoding: state.encoded()) == state)
  }
}
