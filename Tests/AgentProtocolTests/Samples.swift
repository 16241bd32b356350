import AgentProtocol
import Encoding

/// One value at least of every case, with numbers at their ends and absent parts both ways.
enum Samples {
  static let digest = SHA256.digest(of: [1])
  static let other = SHA256.digest(of: [2])
  static let position = JournalPosition(boot: 7, sequence: .max)
  static let terms = TrialTerms(
    budget: 1_000_000, accuracyFloor: 1000, deadMan: .max, hangLimit: 0)

  static let requests: [Request] = [
    .hello(protocolVersion: ProtocolVersion.current), .status, .holdings([]),
    .holdings([digest, other]),
    .upload(object: digest, totalBytes: 5, offset: 2, bytes: [1, 2, 3]),
    .upload(object: digest, totalBytes: .max, offset: .max, bytes: []),
    .stage(variant: digest, epoch: Epoch(0)),
    .activate(variant: digest, terms: terms, epoch: Epoch(.max)),
    .probe(variant: other, predictions: 300, epoch: Epoch(1)),
    .commit(variant: digest, epoch: Epoch(2)), .revert(reason: "naïve – 慢い", epoch: Epoch(3)),
    .keepAlive(epoch: Epoch(4)), .collect(after: nil, maximumBytes: 65536),
    .collect(after: position, maximumBytes: 0), .acknowledge(position), .predict(input: [0, 255]),
    .feedback(prediction: position, label: 2),
    .profile(variant: digest, runs: 100, milliseconds: 60_000),
  ]

  static let facts = Facts(
    installation: "0123456789abcdef0123456789abcdef", agentVersion: "0.1.0",
    architecture: "aarch64", board: "Raspberry Pi 4 Model B Rev 1.4", serial: "",
    core: "cortex-a72", coreCount: 4, isaFlags: ["crc32", "neon"], deviceClass: "aarch64-neon",
    memory: 4 << 30, operatingSystem: "Debian GNU/Linux 12 (bookworm)", kernel: "6.1.0",
    freeDisk: 1 << 40)

  static let statuses: [DeviceStatus] = [
    DeviceStatus(
      phase: .empty, active: nil, previous: nil, staged: nil, quarantined: [], epoch: Epoch(0),
      lastReversal: "", daemonMemory: 0, modelMemory: 0, uptime: 1, starts: 1),
    DeviceStatus(
      phase: .onTrial, active: digest, previous: other, staged: digest,
      quarantined: [other, digest], epoch: Epoch(9), lastReversal: "hung", daemonMemory: 1,
      modelMemory: 2, uptime: .max, starts: 3),
  ]

  static let events: [TelemetryEvent] = [
    .prediction(
      variant: digest, source: .sensor, label: 1, expected: nil, latency: 1_000_001, inference: 9),
    .prediction(
      variant: digest, source: .probe, label: nil, expected: 2, latency: 0, inference: .max),
    .failure(variant: digest, source: .controller, reason: "signal 9"),
    .feedback(prediction: position, variant: digest, predicted: 0, label: 1),
    .feedback(prediction: position, variant: nil, predicted: nil, label: 1),
    .activated(variant: digest, epoch: Epoch(5)), .committed(variant: digest),
    .reverted(from: digest, to: other, reason: "probe"),
    .reverted(from: digest, to: nil, reason: ""),
    .quarantined(variant: digest), .started(agentVersion: "0.1.0", starts: 2),
    .memory(daemon: 1, model: 2), .gap(count: 12),
  ]

  static let records = events.enumerated().map { index, event in
    TelemetryRecord(
      position: JournalPosition(boot: 3, sequence: UInt64(index) + 1), uptime: 100,
      wallClock: 1_700_000_000_000, event: event)
  }

  static let responses: [Response] =
    [
      .hello(facts, protocolVersion: 1), .holdings([]),
      .holdings([
        Holding(object: digest, bytes: 0, isComplete: false),
        Holding(object: other, bytes: 77, isComplete: true),
      ]),
      .received(bytes: 1 << 33),
      .probe(ProbeOutcome(variant: digest, predictions: 300, correct: 299, misses: 1)),
      .telemetry(TelemetryBatch(records: [], hasMore: false)),
      .telemetry(TelemetryBatch(records: records, hasMore: true)),
      .prediction(
        Prediction(
          id: position, variant: digest, label: 2, output: [0.25, -1, .infinity, 1e-30],
          latency: 17)),
      .prediction(Prediction(id: position, variant: digest, label: nil, output: [], latency: 0)),
      .done, .profile(variant: digest, content: [0xa0]),
    ]
    + statuses.map { .status($0) }
    + Refusal.Reason.allCases.map { .refused(Refusal($0, "try again")) }
}
