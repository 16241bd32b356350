public import Encoding

/// A place in a device's journal. Boots are counted by the agent; sequence numbers start at 1 in each.
public struct JournalPosition: Hashable, Comparable, Sendable {
  public var boot: UInt64
  public var sequence: UInt64

  public init(boot: UInt64, sequence: UInt64) {
    self.boot = boot
    self.sequence = sequence
  }

  public static func < (a: JournalPosition, b: JournalPosition) -> Bool {
    (a.boot, a.sequence) < (b.boot, b.sequence)
  }
}

/// One record of the journal.
public struct TelemetryRecord: Equatable, Sendable {
  public var position: JournalPosition
  /// Milliseconds of monotonic time since that boot; a Pi has no clock to trust across boots.
  public var uptime: UInt64
  /// Milliseconds since 1970 by the device's own clock, for people to read, never for a deadline.
  public var wallClock: UInt64
  public var event: TelemetryEvent

  public init(position: JournalPosition, uptime: UInt64, wallClock: UInt64, event: TelemetryEvent) {
    self.position = position
    self.uptime = uptime
    self.wallClock = wallClock
    self.event = event
  }
}

public enum TelemetryEvent: Equatable, Sendable {
  /// `latency` is request to answer, `inference` the part spent in the model, both in microseconds.
  case prediction(
    variant: Digest, source: PredictionSource, label: UInt64?, expected: UInt64?,
    latency: UInt64, inference: UInt64)
  /// A prediction that gave no answer: the child died, hung or ran out of memory.
  case failure(variant: Digest, source: PredictionSource, reason: String)
  /// The true label of an earlier prediction; `variant` and `predicted` are copied from it, so that
  /// live accuracy needs no join. `variant` is nil when the agent no longer knows that prediction.
  case feedback(
    prediction: PredictionID, variant: Digest?, predicted: UInt64?, label: UInt64)
  /// A change of the slots.
  case activated(variant: Digest, epoch: Epoch)
  case committed(variant: Digest)
  case reverted(from: Digest, to: Digest?, reason: String)
  case quarantined(variant: Digest)
  /// The daemon started; `starts` counts since the device booted.
  case started(agentVersion: String, starts: UInt64)
  /// Resident bytes, sampled while the model runs.
  case memory(daemon: UInt64, model: UInt64)
  /// Records that were dropped unread because the journal was full: `count` of them before this one.
  case gap(count: UInt64)
}

public enum PredictionSource: UInt8, Sendable, CaseIterable {
  case sensor = 0
  case probe = 1
  case controller = 2
}

/// Records in order of position.
public struct TelemetryBatch: Equatable, Sendable {
  public var records: [TelemetryRecord]
  /// Whether more records follow the last of these.
  public var hasMore: Bool

  public init(records: [TelemetryRecord], hasMore: Bool) {
    self.records = records
    self.hasMore = hasMore
  }
}
