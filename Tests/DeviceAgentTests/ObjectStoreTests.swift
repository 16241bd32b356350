import AgentProtocol
import Encoding
import Foundation
import Testing

@testable import DeviceAgent

@Suite struct ObjectStoreTests {
  private let folder: TemporaryFolder
  private let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ ($0 >> 8)) }
  private var object: Digest { SHA256.digest(of: content) }

  init() throws { folder = try TemporaryFolder() }

  private func send(
    _ store: ObjectStore, from: Int, to: Int, as digest: Digest? = nil
  ) throws -> UInt64 {
    try store.receive(
      digest ?? object, total: UInt64(content.count), offset: UInt64(from),
      bytes: Array(content[from..<to]), pinned: [])
  }

  @Test func piecesMakeAnObjectOnlyOnceAllAreThere() throws {
    let store = try ObjectStore(folder["objects"])
    #expect(try send(store, from: 0, to: 40_000) == 40_000)
    #expect(!store.contains(object))
    #expect(store.holding(object) == Holding(object: object, bytes: 40_000, isComplete: false))
    #expect(try send(store, from: 40_000, to: 100_000) == 100_000)
    #expect(store.holding(object).isComplete)
    #expect(FileManager.default.contents(atPath: store.path(of: object)) == Data(content))
    // Sent again, it is there already.
    #expect(try send(store, from: 0, to: 40_000) == 100_000)
  }

  @Test func anUploadGoesOnInAnotherLife() throws {
    _ = try send(ObjectStore(folder["objects"]), from: 0, to: 33_333)
    let store = try ObjectStore(folder["objects"])
    #expect(store.holding(object).bytes == 33_333)
    #expect(try send(store, from: 33_333, to: 100_000) == 100_000)
    #expect(store.contains(object))
  }

  @Test func piecesThatOverlapCountOnceAndHolesAreRefused() throws {
    let store = try ObjectStore(folder["objects"])
    _ = try send(store, from: 0, to: 50_000)
    #expect(try send(store, from: 20_000, to: 60_000) == 60_000)
    #expect(throws: Refusal.self) { try send(store, from: 70_000, to: 80_000) }
    #expect(try send(store, from: 60_000, to: 100_000) == 100_000)
    #expect(store.contains(object))
  }

  @Test func aWrongHashIsRefusedAndCleaned() throws {
    let store = try ObjectStore(folder["objects"])
    let other = SHA256.digest(of: [1])
    do {
      _ = try send(store, from: 0, to: 100_000, as: other)
      Issue.record("accepted")
    } catch let refusal as Refusal {
      #expect(refusal.reason == .damagedObject)
    }
    #expect(store.holding(other).bytes == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder["objects"]).isEmpty)
  }

  @Test func impossiblePiecesAreRefused() throws {
    let store = try ObjectStore(folder["objects"])
    for (total, offset) in [(10, 5), (0, 0), (.max, 0), (5, .max)] as [(UInt64, UInt64)] {
      #expect(throws: Refusal.self) {
        _ = try store.receive(
          object, total: total, offset: offset, bytes: [UInt8](repeating: 0, count: 6), pinned: [])
      }
    }
  }

  @Test func pruningKeepsWhatIsPinnedAndWhatJustCame() throws {
    let store = try ObjectStore(folder["objects"])
    _ = try send(store, from: 0, to: 100_000)
    let old = SHA256.digest(of: [1])
    let pinned = SHA256.digest(of: [2])
    for digest in [old, pinned] {
      try Data([1]).write(to: URL(filePath: store.path(of: digest)))
    }
    try store.prune(keeping: [pinned])
    #expect(store.contains(object))
    #expect(store.contains(pinned))
    #expect(!store.contains(old))
    try store.prune(keeping: [pinned], everything: true)
    #expect(!store.contains(object))
    #expect(store.contains(pinned))
  }
}
