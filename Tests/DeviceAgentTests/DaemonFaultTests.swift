import AgentProtocol
import Encoding
import Foundation
import ModelFormat
import Testing

@testable import DeviceAgent

@Suite struct DaemonFaultTests {
  private func failures(_ agent: RunningAgent) throws -> Int {
    try agent.journal().count { record in
      if case .failure = record.event { true } else { false }
    }
  }

  @Test func aKilledModelComesBack() throws {
    let agent = try RunningAgent()
    try agent.commit(try TestVariant(), epoch: 1)
    _ = try agent.predict(0)
    let child = try #require(agent.children.first)
    kill(child, SIGKILL)
    try eventually("another model runs") { agent.children.first.map { $0 != child } ?? false }
    guard case .prediction = try agent.predict(1) else { throw RunningAgent.Unexpected() }
    #expect(try failures(agent) == 1)
    #expect(try agent.status().phase == .committed)
  }

  @Test func aModelThatKeepsDyingInATrialIsTakenBack() throws {
    let agent = try RunningAgent()
    let (good, bad) = (try TestVariant(), try TestVariant(gain: 2))
    try agent.commit(good, epoch: 1)
    try agent.activate(bad, epoch: 2)
    for _ in 0..<Slots.failureLimit {
      try eventually("a model answers") {
        if case .prediction = try agent.predict(0) { true } else { false }
      }
      if try agent.status().active == good.digest { break }
      let child = try #require(agent.children.first)
      kill(child, SIGKILL)
      try eventually("its end was noticed") { agent.children.first != child }
    }
    try eventually("the good one is back") { try agent.status().active == good.digest }
    #expect(try agent.status().lastReversal.contains("signal 9"))
    guard case .prediction(let prediction) = try agent.predict(2) else {
      throw RunningAgent.Unexpected()
    }
    #expect(prediction.variant == good.digest)
  }

  @Test func aHangIsAFailureAndEndsATrial() throws {
    let agent = try RunningAgent()
    let (good, slow) = (try TestVariant(), try TestVariant(gain: 2))
    try agent.commit(good, epoch: 1)
    // No model answers within a microsecond.
    let terms = TrialTerms(budget: 1, accuracyFloor: 0, deadMan: 600_000, hangLimit: 1)
    try agent.activate(slow, epoch: 2, terms: terms)
    for _ in 0..<20 where try agent.status().active == slow.digest { _ = try agent.predict(0) }
    let status = try agent.status()
    #expect(status.active == good.digest)
    #expect(status.lastReversal.contains("no answer"))
  }

  @Test func silenceOfTheControllerTakesTheVariantBack() throws {
    let agent = try RunningAgent()
    let (good, new) = (try TestVariant(), try TestVariant(gain: 2))
    try agent.commit(good, epoch: 1)
    let terms = TrialTerms(budget: 1, accuracyFloor: 0, deadMan: 1500, hangLimit: 10_000_000)
    try agent.activate(new, epoch: 2, terms: terms)
    // Asking for the status is no word of the rollout.
    try eventually("the device reverted by itself") { try agent.status().active == good.digest }
    #expect(try agent.status().lastReversal.contains("no word"))
    #expect(
      try agent.journal().contains { record in
        if case .reverted(new.digest, good.digest, _) = record.event { true } else { false }
      })
  }

  /// The daemon is killed again and again around every command; each time it starts and stands where it stood.
  @Test func aKillAtAnyTimeLeavesAStateThatStarts() throws {
    let agent = try RunningAgent()
    let (first, second) = (try TestVariant(), try TestVariant(gain: 2))
    for bytes in [first.manifest.encode(), first.package, first.probe] {
      _ = try agent.upload(bytes)
      try agent.restart()
    }
    #expect(try agent.ask(.stage(variant: first.digest, epoch: Epoch(1))) == .done)
    try agent.restart()
    #expect(try agent.status().staged == first.digest)
    #expect(
      try agent.ask(.activate(variant: first.digest, terms: .lenient, epoch: Epoch(1))) == .done)
    try agent.restart()
    #expect(try agent.status().phase == .onTrial)
    #expect(try agent.ask(.commit(variant: first.digest, epoch: Epoch(1))) == .done)
    try agent.restart()
    #expect(try agent.status().phase == .committed)
    try agent.activate(second, epoch: 2)
    guard case .prediction(let prediction) = try agent.predict(1) else {
      throw RunningAgent.Unexpected()
    }
    #expect(prediction.variant == second.digest)
    #expect(try agent.ask(.revert(reason: "test", epoch: Epoch(2))) == .done)
    try agent.restart()
    #expect(try agent.status().active == first.digest)
    // Every change stands in the journal once.
    let events = try agent.journal().map { $0.event }
    #expect(events.count { $0 == .committed(variant: first.digest) } == 1)
    #expect(
      events.count { $0 == .reverted(from: second.digest, to: first.digest, reason: "test") } == 1)
    #expect(events.count { if case .started = $0 { true } else { false } } == 8)
  }

  @Test func aKillInTheMiddleOfAnUploadLosesNoPiece() throws {
    let agent = try RunningAgent()
    let bytes = (0..<500_000).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 7)) }
    let object = SHA256.digest(of: bytes)
    for start in stride(from: 0, to: bytes.count, by: 100_000) {
      guard case .holdings(let holdings) = try agent.ask(.holdings([object])) else {
        throw RunningAgent.Unexpected()
      }
      #expect(holdings == [Holding(object: object, bytes: UInt64(start), isComplete: false)])
      _ = try agent.ask(
        .upload(
          object: object, totalBytes: UInt64(bytes.count), offset: UInt64(start),
          bytes: Array(bytes[start..<start + 100_000])))
      try agent.restart()
    }
    #expect(
      try agent.ask(.holdings([object]))
        == .holdings([Holding(object: object, bytes: 500_000, isComplete: true)]))
  }

  @Test func aDamagedImageFallsBackToThePrevious() throws {
    let agent = try RunningAgent()
    let (first, second) = (try TestVariant(), try TestVariant(gain: 2))
    try agent.commit(first, epoch: 1)
    try agent.commit(second, epoch: 2)
    agent.kill()
    let path = "\(agent.root.objects)/\(second.manifest.images[0].digest.hex).bramble"
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: URL(filePath: path))
    try agent.start()
    try eventually("the previous one runs") { try agent.status().active == first.digest }
    guard case .prediction(let prediction) = try agent.predict(3) else {
      throw RunningAgent.Unexpected()
    }
    #expect(prediction.variant == first.digest)
    #expect(try agent.status().lastReversal.contains("damaged"))
  }

  @Test func aSecondDaemonOfTheSameRootIsRefused() throws {
    let agent = try RunningAgent()
    #expect(try agent.run(["serve"]).status == 1)
    #expect(try agent.status().phase == .empty)
  }

  @Test func aPathLongerThanSocketsTakeWorks() throws {
    let long = "/tmp/bramble-\(UUID().uuidString)-" + String(repeating: "x", count: 100)
    defer { try? FileManager.default.removeItem(atPath: long) }
    let agent = try RunningAgent(root: long)
    #expect(try agent.status().phase == .empty)
    agent.kill()
  }

  @Test func rubbishOnASocketClosesOnlyThatConnection() throws {
    let agent = try RunningAgent()
    for bytes in [[0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0, 0, 0, 2, 0x80, 0x80]] as [[UInt8]] {
      let frame = bytes
      let output = try agent.run(["rpc"], input: frame).output
      var decoder = FrameDecoder()
      decoder.append([UInt8](output))
      let content = try #require(try decoder.next())
      #expect(refusal(try Frame<Response>(decoding: content).payload) == .malformed)
    }
    #expect(try agent.status().phase == .empty)
  }
}
