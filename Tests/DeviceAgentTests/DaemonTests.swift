import AgentProtocol
import Encoding
import Foundation
import ModelFormat
import Testing

@testable import DeviceAgent

@Suite struct DaemonTests {
  @Test func saysWhatTheDeviceIs() throws {
    let agent = try RunningAgent()
    guard
      case .hello(let facts, let version) = try agent.ask(
        .hello(protocolVersion: ProtocolVersion.current))
    else { throw RunningAgent.Unexpected() }
    #expect(version == ProtocolVersion.current)
    #expect(facts.installation.count == 32)
    #expect(facts.coreCount > 0)
    #expect(facts.memory > 0)
    #expect(!facts.architecture.isEmpty)
    #expect(!facts.deviceClass.isEmpty)
    #expect(try agent.status().phase == .empty)
    #expect(refusal(try agent.ask(.hello(protocolVersion: 99))) == .unsupportedProtocol)
  }

  @Test func aVariantGoesThroughItsLife() throws {
    let agent = try RunningAgent()
    let first = try TestVariant(gain: 1)
    let second = try TestVariant(gain: 2)
    #expect(refusal(try agent.predict(0)) == .noActiveVariant)
    try agent.commit(first, epoch: 1)
    guard case .prediction(let prediction) = try agent.predict(2) else {
      throw RunningAgent.Unexpected()
    }
    #expect(prediction.label == 2)
    #expect(prediction.variant == first.digest)
    #expect(prediction.output == TestVariant.window(2))

    try agent.activate(second, epoch: 2)
    guard
      case .probe(let outcome) = try agent.ask(
        .probe(variant: second.digest, predictions: 100, epoch: Epoch(2)))
    else { throw RunningAgent.Unexpected() }
    #expect(outcome.predictions == 100)
    #expect(outcome.correct == 100)
    guard case .prediction(let other) = try agent.predict(1) else {
      throw RunningAgent.Unexpected()
    }
    #expect(other.output == TestVariant.window(1).map { $0 * 2 })
    #expect(try agent.ask(.revert(reason: "test", epoch: Epoch(2))) == .done)
    guard case .prediction(let back) = try agent.predict(1) else {
      throw RunningAgent.Unexpected()
    }
    #expect(back.variant == first.digest)
    let status = try agent.status()
    #expect(status.phase == .committed)
    #expect(status.active == first.digest)
    #expect(status.lastReversal == "test")
    #expect(status.epoch == Epoch(2))
  }

  @Test func thePackageGoesOnceItsImageIsMade() throws {
    let agent = try RunningAgent()
    let variant = try TestVariant()
    try agent.commit(variant, epoch: 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: agent.root.objects)
    let kept = [variant.digest, variant.manifest.images[0].digest, variant.manifest.probe!.digest]
    #expect(Set(names) == Set(kept.map { "\($0.hex).bramble" }))
    #expect(
      FileManager.default.contents(
        atPath: "\(agent.root.objects)/\(kept[1].hex).bramble") == Data(variant.image))
    // Staged again, nothing has to be sent.
    #expect(try agent.ask(.stage(variant: variant.digest, epoch: Epoch(2))) == .done)
  }

  @Test func anImageMayBeSentInsteadOfThePackage() throws {
    let agent = try RunningAgent()
    let variant = try TestVariant()
    for bytes in [variant.manifest.encode(), variant.image, variant.probe] {
      _ = try agent.upload(bytes)
    }
    #expect(try agent.ask(.stage(variant: variant.digest, epoch: Epoch(1))) == .done)
  }

  @Test func whatIsMissingIsNamed() throws {
    let agent = try RunningAgent()
    let variant = try TestVariant()
    let request = Request.stage(variant: variant.digest, epoch: Epoch(1))
    #expect(refusal(try agent.ask(request)) == .unknownObject)
    _ = try agent.upload(variant.manifest.encode())
    #expect(refusal(try agent.ask(request)) == .unknownObject)
    _ = try agent.upload(variant.probe)
    #expect(refusal(try agent.ask(request)) == .unknownObject)
    _ = try agent.upload(variant.package)
    #expect(
      refusal(
        try agent.ask(.activate(variant: variant.digest, terms: .lenient, epoch: Epoch(1))))
        == .notStaged)
    #expect(try agent.ask(request) == .done)
  }

  @Test func aPoorProbeTakesTheVariantBack() throws {
    let agent = try RunningAgent()
    let good = try TestVariant()
    let poor = try TestVariant(gain: 3, wrongLabels: 6)
    try agent.commit(good, epoch: 1)
    let terms = TrialTerms(
      budget: 1_000_000, accuracyFloor: 900, deadMan: 600_000, hangLimit: 10_000_000)
    try agent.activate(poor, epoch: 2, terms: terms)
    guard
      case .probe(let outcome) = try agent.ask(
        .probe(variant: poor.digest, predictions: 12, epoch: Epoch(2)))
    else { throw RunningAgent.Unexpected() }
    #expect(outcome.correct == 6)
    let status = try agent.status()
    #expect(status.active == good.digest)
    #expect(status.lastReversal.contains("6 right of 12"))
  }

  @Test func labelsThatArriveLaterFindTheirPredictionsAcrossAStart() throws {
    let agent = try RunningAgent()
    let variant = try TestVariant()
    try agent.commit(variant, epoch: 1)
    guard case .prediction(let prediction) = try agent.predict(3) else {
      throw RunningAgent.Unexpected()
    }
    try agent.restart()
    let sensor = try agent.sensor()
    #expect(
      sensor.ask(.feedback(prediction: prediction.id, label: 1), milliseconds: 60_000) == .done)
    let unknown = PredictionID(boot: 77, sequence: 1)
    #expect(sensor.ask(.feedback(prediction: unknown, label: 0), milliseconds: 60_000) == .done)
    let events = try agent.journal().map { $0.event }
    #expect(
      events.contains(
        .feedback(prediction: prediction.id, variant: variant.digest, predicted: 3, label: 1)))
    #expect(
      events.contains(.feedback(prediction: unknown, variant: nil, predicted: nil, label: 0)))
  }

  @Test func sensorProgramsMayNotControl() throws {
    let agent = try RunningAgent()
    let sensor = try agent.sensor()
    let answer = sensor.ask(.revert(reason: "", epoch: Epoch(0)), milliseconds: 60_000)
    #expect(answer.flatMap { refusal($0) } == .notPermitted)
  }

  @Test func inputThatDoesNotFitIsRefusedAndTheModelGoesOn() throws {
    let agent = try RunningAgent()
    try agent.commit(try TestVariant(), epoch: 1)
    #expect(refusal(try agent.ask(.predict(input: [1, 2, 3]))) == .wrongInput)
    #expect(
      refusal(try agent.ask(.predict(input: [UInt8](repeating: 0xff, count: 16)))) == .wrongInput)
    guard case .prediction = try agent.predict(0) else { throw RunningAgent.Unexpected() }
    #expect(try agent.status().phase == .committed)
  }

  @Test func aLongProbeLetsSensorsThrough() throws {
    let agent = try RunningAgent()
    let variant = try TestVariant()
    try agent.commit(variant, epoch: 1)
    let request = Request.probe(variant: variant.digest, predictions: 20_000, epoch: Epoch(1))
    let socket = agent.root.controlSocket
    let probing = Thread { _ = try? ControlClient(socket).ask(request, milliseconds: 120_000) }
    probing.start()
    while !probing.isFinished {
      guard case .prediction(let prediction) = try agent.predict(1) else {
        throw RunningAgent.Unexpected()
      }
      #expect(prediction.label == 1)
    }
    let sources = try agent.journal().compactMap { record in
      if case .prediction(_, let source, _, _, _, _) = record.event { source } else { nil }
    }
    #expect(sources.count { $0 == .probe } == 20_000)
    // Sensors' stand among the probe's, not only before or behind them.
    let first = try #require(sources.firstIndex(of: .probe))
    let last = try #require(sources.lastIndex(of: .probe))
    #expect(sources[first...last].contains(.sensor))
  }

  @Test func telemetryIsCollectedUntilAcknowledged() throws {
    let agent = try RunningAgent()
    try agent.commit(try TestVariant(), epoch: 1)
    for label in 0..<4 { _ = try agent.predict(label) }
    let records = try agent.journal()
    #expect(records.map { $0.position } == records.map { $0.position }.sorted())
    #expect(try agent.journal().prefix(records.count) == records[...])
    #expect(try agent.ask(.acknowledge(records.last!.position)) == .done)
    guard
      case .telemetry(let rest) = try agent.ask(
        .collect(after: records.last!.position, maximumBytes: 100_000))
    else { throw RunningAgent.Unexpected() }
    #expect(rest.records.allSatisfy { $0.position > records.last!.position })
  }

  @Test func theJournalStaysWithinItsBytes() throws {
    let agent = try RunningAgent(start: false)
    try agent.start(["--journal-bytes", "\(2 * JournalSegment.size)"])
    let variant = try TestVariant()
    try agent.commit(variant, epoch: 1)
    _ = try agent.ask(.probe(variant: variant.digest, predictions: 4000, epoch: Epoch(1)))
    let first = try #require(try agent.journal().first)
    guard case .gap(let count) = first.event else {
      Issue.record("no gap but \(first)")
      return
    }
    #expect(count > 0)
  }
}

/// Why a response is a refusal; `nil` when it is none.
func refusal(_ response: Response) -> Refusal.Reason? {
  if case .refused(let refusal) = response { refusal.reason } else { nil }
}
