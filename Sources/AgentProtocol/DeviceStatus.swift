public import Encoding

/// How a device stands now.
public struct DeviceStatus: Equatable, Sendable {
  public enum Phase: UInt8, Sendable, CaseIterable {
    /// No variant was ever activated.
    case empty = 0
    /// The active variant is trusted.
    case committed = 1
    /// The active variant is on trial and the previous one stands ready.
    case onTrial = 2
  }
  public var phase: Phase
  public var active: Digest?
  public var previous: Digest?
  public var staged: Digest?
  /// Variants that failed three times and are refused from then on.
  public var quarantined: [Digest]
  /// The newest epoch that the agent has obeyed.
  public var epoch: Epoch
  /// Why the last trial ended in a reversal; empty when it did not.
  public var lastReversal: String
  /// Resident bytes of the daemon and of the model's process.
  public var daemonMemory: UInt64
  public var modelMemory: UInt64
  /// Milliseconds since the daemon started; how often its supervisor had to start it since the device booted.
  public var uptime: UInt64
  public var starts: UInt64

  public init(
    phase: Phase, active: Digest?, previous: Digest?, staged: Digest?, quarantined: [Digest],
    epoch: Epoch, lastReversal: String, daemonMemory: UInt64, modelMemory: UInt64, uptime: UInt64,
    starts: UInt64
  ) {
    self.phase = phase
    self.active = active
    self.previous = previous
    self.staged = staged
    self.quarantined = quarantined
    self.epoch = epoch
    self.lastReversal = lastReversal
    self.daemonMemory = daemonMemory
    self.modelMemory = modelMemory
    self.uptime = uptime
    self.starts = starts
  }
}
