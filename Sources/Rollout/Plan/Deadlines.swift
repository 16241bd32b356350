/// How long each step may take on one device, in milliseconds, with every retry counted in.
public struct Deadlines: Hashable, Codable, Sendable {
  /// Upload and preparation.
  public var stage: UInt64
  public var activate: UInt64
  /// From the start of the trial to a verdict; without enough data by then the gate is broken.
  public var trial: UInt64
  public var commit: UInt64
  /// After this a device that cannot be reached is recorded as still owing its reversal.
  public var revert: UInt64
  /// A device on trial that hears nothing for this long reverts by itself.
  public var deadMan: UInt64
  /// A single prediction that runs longer than this is ended by the device.
  public var hangLimit: UInt64

  public init(
    stage: UInt64 = 600_000, activate: UInt64 = 120_000, trial: UInt64 = 1_800_000,
    commit: UInt64 = 120_000, revert: UInt64 = 60_000, deadMan: UInt64 = 300_000,
    hangLimit: UInt64 = 10_000
  ) {
    self.stage = stage
    self.activate = activate
    self.trial = trial
    self.commit = commit
    self.revert = revert
    self.deadMan = deadMan
    self.hangLimit = hangLimit
  }

  /// How often a device on trial is given a word: a third of its dead-man time.
  public var heartbeat: UInt64 { max(deadMan / 3, 1) }
}
