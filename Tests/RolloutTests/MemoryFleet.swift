import AgentProtocol
import Encoding
import Rollout

/// Devices and a journal in memory, for the driver: what the simulator is for the conductor.
actor MemoryFleet: FleetAccess {
  struct Device {
    var active: Digest?
    var phase = DeviceStatus.Phase.committed
    var previous: Digest?
    var evidence = Evidence()
    var latency: UInt64 = 1_000
  }
  var devices: [String: Device]
  /// What was called, in order.
  private(set) var calls: [String] = []
  /// Never answers these until it is cancelled.
  var hanging: Set<String> = []
  private(set) var cancelled: [String] = []
  private var leaving: [String: String] = [:]

  init(_ names: [String], running active: Digest) {
    devices = Dictionary(uniqueKeysWithValues: names.map { ($0, Device(active: active)) })
  }

  func setLatency(_ latency: UInt64, of device: String) { devices[device]?.latency = latency }
  func hang(_ call: String) { hanging.insert(call) }
  func letGo(_ call: String) { hanging.remove(call) }
  /// The device goes back by itself as soon as that call is made.
  func leave(_ device: String, at call: String) { leaving[call] = device }
  func active(_ device: String) -> Digest? { devices[device]?.active }

  private func note(_ call: String) async throws(DeviceFault) {
    calls.append(call)
    if let device = leaving[call], var state = devices[device] {
      state.active = state.previous
      state.phase = .committed
      state.evidence.reversals = ["signal 9"]
      devices[device] = state
    }
    guard hanging.contains(call) else { return }
    do { try await Task.sleep(for: .seconds(3_600)) } catch {
      cancelled.append(call)
      throw .unreachable("cancelled")
    }
  }

  func stage(_ variant: Digest, on device: String, epoch: Epoch) async throws(DeviceFault) {
    try await note("stage \(device)")
  }

  func activate(
    _ variant: Digest, on device: String, terms: TrialTerms, epoch: Epoch
  ) async throws(DeviceFault) {
    try await note("activate \(device)")
    guard var state = devices[device], state.active != variant else { return }
    state.previous = state.active
    state.active = variant
    state.phase = .onTrial
    devices[device] = state
  }

  func probe(
    _ variant: Digest, on device: String, predictions: Int, epoch: Epoch
  ) async throws(DeviceFault) {
    try await note("probe \(device)")
    guard var state = devices[device] else { return }
    state.evidence.predictions += predictions
    state.evidence.probed += predictions
    state.evidence.probedCorrect += predictions
    if state.latency > 1_000_000 { state.evidence.misses += predictions }
    devices[device] = state
  }

  func status(of device: String) async throws(DeviceFault) -> DeviceStatus {
    guard let state = devices[device] else { throw .unreachable("no such device") }
    return DeviceStatus(
      phase: state.phase, active: state.active, previous: state.previous, staged: nil,
      quarantined: [], epoch: Epoch(1), lastReversal: "", daemonMemory: 0, modelMemory: 0,
      uptime: 0, starts: 1)
  }

  func evidence(
    about variant: Digest, on device: String, epoch: Epoch
  ) async throws(DeviceFault) -> Evidence {
    devices[device]?.evidence ?? Evidence()
  }

  func commit(_ variant: Digest, on device: String, epoch: Epoch) async throws(DeviceFault) {
    try await note("commit \(device)")
    devices[device]?.phase = .committed
  }

  func revert(
    _ device: String, from variant: Digest, to previous: Digest?, reason: String, epoch: Epoch
  ) async throws(DeviceFault) {
    try await note("revert \(device)")
    guard devices[device]?.active == variant else { return }
    devices[device]?.active = previous
    devices[device]?.phase = .committed
  }

  func keepAlive(_ device: String, epoch: Epoch) async throws(DeviceFault) {
    try await note("keepAlive \(device)")
  }
}

actor MemoryJournal: RolloutJournal {
  private(set) var kept: [RolloutEvent]
  /// Refuses everything once it holds so many events, as a full disk does.
  private let capacity: Int

  init(_ events: [RolloutEvent] = [], capacity: Int = .max) {
    kept = events
    self.capacity = capacity
  }

  struct Full: Error {}

  func append(_ events: [RolloutEvent]) async throws {
    for event in events {
      if kept.count >= capacity { throw Full() }
      kept.append(event)
    }
  }

  func events() async throws -> [RolloutEvent] { kept }
}
