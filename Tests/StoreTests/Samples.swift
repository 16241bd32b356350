import AgentProtocol
import Encoding
import Store

/// Telemetry as an agent would send it.
enum Samples {
  static let installation = "0123456789abcdef0123456789abcdef"
  static let old = digest(1)
  static let new = digest(2)
  static let noon: UInt64 = 1_790_000_000_000

  static func digest(_ byte: UInt8) -> Digest {
    guard let digest = Digest(bytes: [UInt8](repeating: byte, count: 32)) else {
      preconditionFailure("32 bytes are a digest")
    }
    return digest
  }

  static func record(
    _ sequence: UInt64, boot: UInt64 = 1, at: UInt64 = noon, _ event: TelemetryEvent
  ) -> TelemetryRecord {
    TelemetryRecord(
      position: JournalPosition(boot: boot, sequence: sequence), uptime: sequence * 1_000,
      wallClock: at, event: event)
  }

  static func prediction(
    _ latency: UInt64, variant: Digest = new, source: PredictionSource = .sensor,
    label: UInt64? = nil, expected: UInt64? = nil
  ) -> TelemetryEvent {
    .prediction(
      variant: variant, source: source, label: label, expected: expected, latency: latency,
      inference: latency / 2)
  }

  /// Numbered from `first` on in the order given.
  static func batch(
    _ events: [TelemetryEvent], from first: UInt64 = 1, boot: UInt64 = 1, at: UInt64 = noon
  ) -> TelemetryBatch {
    TelemetryBatch(
      records: events.enumerated().map {
        record(first + UInt64($0), boot: boot, at: at, $1)
      }, hasMore: false)
  }

  static func facts(_ installation: String = installation) -> Facts {
    Facts(
      installation: installation, agentVersion: "0.1", architecture: "aarch64",
      board: "Raspberry Pi 4 Model B Rev 1.4", serial: "10000000abcd", core: "cortex-a72",
      coreCount: 4, isaFlags: ["neon"], deviceClass: "aarch64-neon", memory: 4 << 30,
      operatingSystem: "Debian GNU/Linux 12", kernel: "6.6", freeDisk: 1 << 34)
  }
}
