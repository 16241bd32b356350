/// A rollout as it stands: for progress, reports and the final word.
public struct RolloutSnapshot: Equatable, Sendable {
  public struct Device: Equatable, Sendable {
    public var name: String
    public var record: DeviceRecord
    /// Whether the running wave, promotion or reversal still waits for it.
    public var isOpen: Bool
  }
  public var phase: RolloutMachine.Phase
  /// In the plan's order.
  public var devices: [Device]
  public var finding: Finding?

  public init(_ machine: RolloutMachine) {
    phase = machine.phase
    finding = machine.finding
    devices = machine.records.indices.map {
      Device(
        name: machine.plan.targets[$0].name, record: machine.records[$0],
        isOpen: machine.open.contains($0))
    }
  }

  public var outcome: RolloutOutcome? {
    if case .ended(let outcome) = phase { outcome } else { nil }
  }

  public func count(_ state: DeviceState) -> Int {
    devices.count { $0.record.state == state }
  }

  /// Devices that were skipped or are still owed something, with the reason at their record.
  public var unfinished: [Device] {
    devices.filter { $0.record.debt != nil || [.unreachable, .pending].contains($0.record.state) }
  }
}
