import AgentProtocol
import Encoding
import Foundation
import Testing

@testable import DeviceAgent

@Suite struct PredictionLogTests {
  private let variant = SHA256.digest(of: [1])

  private func entry(_ boot: UInt64, _ sequence: UInt64) -> PredictionLog.Entry {
    PredictionLog.Entry(
      position: PredictionID(boot: boot, sequence: sequence), variant: variant,
      label: sequence % 3 == 0 ? nil : sequence % 3)
  }

  /// Every prediction of the newest `capacity` is found, and no older one, whatever the fill and the starts.
  @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 33, 100])
  func theNewestAreFound(count: UInt64) throws {
    let folder = try TemporaryFolder()
    var log = try PredictionLog(folder["predictions"], capacity: 16)
    for index in 0..<count {
      // Sequence numbers have holes, as other records take some.
      try log.append(entry(1 + index / 40, 1 + 3 * index))
      if index % 7 == 6 { log = try PredictionLog(folder["predictions"], capacity: 16) }
    }
    for _ in 0..<2 {
      for index in 0..<count {
        let wanted = entry(1 + index / 40, 1 + 3 * index)
        let found = try log.find(wanted.position)
        #expect(found == (index + 16 >= count ? wanted : nil))
      }
      #expect(try log.find(PredictionID(boot: 1, sequence: 2)) == nil)
      log = try PredictionLog(folder["predictions"], capacity: 16)
    }
  }

  @Test func aTornEntryHidesItselfOnly() throws {
    let folder = try TemporaryFolder()
    do {
      let log = try PredictionLog(folder["predictions"], capacity: 16)
      for index in 1...20 as ClosedRange<UInt64> { try log.append(entry(1, index)) }
    }
    var bytes = try [UInt8](Data(contentsOf: URL(filePath: folder["predictions"])))
    bytes[4 * 64 - 64 + 20] ^= 1  // the newest, in slot 3
    try Data(bytes).write(to: URL(filePath: folder["predictions"]))
    let log = try PredictionLog(folder["predictions"], capacity: 16)
    #expect(try log.find(entry(1, 20).position) == nil)
    for index in 5...19 as ClosedRange<UInt64> {
      #expect(try log.find(entry(1, index).position) == entry(1, index))
    }
  }
}
