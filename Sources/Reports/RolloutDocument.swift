public import Rollout

/// A rollout for programs.
public struct RolloutDocument: Encodable, Sendable {
  public struct Device: Encodable, Sendable {
    public var name: String
    public var record: DeviceRecord
  }
  /// `planned`, `rolling`, `promoting`, `reversing` or `ended`.
  public var phase: String
  /// The wave's number while it is rolling; 0 is the canary.
  public var wave: Int?
  public var outcome: RolloutOutcome?
  public var finding: Finding?
  /// The finding as a sentence.
  public var verdict: String?
  public var devices: [Device]

  public init(_ snapshot: RolloutSnapshot) {
    switch snapshot.phase {
    case .planned: phase = "planned"
    case .rolling(let number):
      phase = "rolling"
      wave = number
    case .promoting: phase = "promoting"
    case .reversing: phase = "reversing"
    case .ended: phase = "ended"
    }
    outcome = snapshot.outcome
    finding = snapshot.finding
    verdict = snapshot.finding?.description
    devices = snapshot.devices.map { Device(name: $0.name, record: $0.record) }
  }
}
