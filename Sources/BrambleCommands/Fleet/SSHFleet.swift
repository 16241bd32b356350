import AgentProtocol
import Encoding
import Inventory
import Logging
import Rollout
import SSH
import Store

/// A rollout's devices over SSH: one connection each, kept from the first call to the last.
struct SSHFleet: FleetAccess {
  private let lines: [String: AgentLine]
  private let store: Store
  private let variants: VariantObjects
  private let budget: UInt64
  private let onUpload: @Sendable (String, UploadProgress) -> Void

  /// - Parameters:
  ///   - lines: one for each device that the rollout names.
  ///   - budget: microseconds, which misses are counted by.
  ///   - onUpload: told, from any thread, how far a device's upload is.
  init(
    lines: [String: AgentLine], workbench: Workbench, budget: UInt64,
    onUpload: @escaping @Sendable (String, UploadProgress) -> Void
  ) {
    self.lines = lines
    store = workbench.store
    variants = VariantObjects(objects: workbench.objects)
    self.budget = budget
    self.onUpload = onUpload
  }

  /// Ends every connection.
  func close() async {
    for line in lines.values { await line.close() }
  }

  func stage(_ variant: Digest, on device: String, epoch: Epoch) async throws(DeviceFault) {
    try await perform(on: device) { agent in
      let needed = try variants.needed(of: variant, deviceClass: agent.facts.deviceClass)
      try await agent.upload(needed) { onUpload(device, $0) }
      try await agent.perform(.stage(variant: variant, epoch: epoch))
    }
  }

  func activate(
    _ variant: Digest, on device: String, terms: TrialTerms, epoch: Epoch
  ) async throws(DeviceFault) {
    try await ask(.activate(variant: variant, terms: terms, epoch: epoch), on: device)
  }

  func probe(
    _ variant: Digest, on device: String, predictions: Int, epoch: Epoch
  ) async throws(DeviceFault) {
    try await perform(on: device) { agent in
      _ = try await agent.probe(variant, predictions: UInt64(max(predictions, 1)), epoch: epoch)
    }
  }

  func status(of device: String) async throws(DeviceFault) -> DeviceStatus {
    try await perform(on: device) { try await $0.status() }
  }

  func evidence(
    about variant: Digest, on device: String, epoch: Epoch
  ) async throws(DeviceFault) -> Evidence {
    try await perform(on: device) { agent in
      _ = try await TelemetryCollection.collect(from: agent, into: store)
      return try store.evidence(
        installation: agent.facts.installation, variant: variant, epoch: epoch, budget: budget)
    }
  }

  func commit(_ variant: Digest, on device: String, epoch: Epoch) async throws(DeviceFault) {
    try await ask(.commit(variant: variant, epoch: epoch), on: device)
  }

  func revert(
    _ device: String, from variant: Digest, to previous: Digest?, reason: String, epoch: Epoch
  ) async throws(DeviceFault) {
    try await perform(on: device) { agent in
      guard try await agent.status().active == variant else { return }
      do throws(AgentError) {
        try await agent.perform(.revert(reason: reason, epoch: epoch))
      } catch {
        // It has none to go back to by itself; this workspace may.
        guard case .refused(let refusal) = error.problem, refusal.reason == .noTrial,
          previous != nil
        else { throw error }
      }
    }
    guard let previous, try await status(of: device).active != previous else { return }
    // The agent no longer has the previous variant at hand: it is brought there again.
    try await stage(previous, on: device, epoch: epoch)
    let terms = TrialTerms(budget: budget, accuracyFloor: 0, deadMan: 60_000, hangLimit: 60_000_000)
    try await activate(previous, on: device, terms: terms, epoch: epoch)
    try await commit(previous, on: device, epoch: epoch)
  }

  func keepAlive(_ device: String, epoch: Epoch) async throws(DeviceFault) {
    try await ask(.keepAlive(epoch: epoch), on: device)
  }

  private func ask(
    _ request: Request, on device: String, step: String = #function
  ) async throws(DeviceFault) {
    try await perform(on: device, step: step) { try await $0.perform(request) }
  }

  private func perform<Value: Sendable>(
    on device: String, step: String = #function,
    _ body: @Sendable (AgentConnection) async throws -> Value
  ) async throws(DeviceFault) -> Value {
    guard let line = lines[device] else {
      throw .refused("the device is no longer registered; add it again under the same name")
    }
    Log.fleet.debug("asking", metadata: ["device": "\(device)", "step": "\(step)"])
    do {
      return try await line.run(body)
    } catch {
      Log.fleet.debug(
        "failed", metadata: ["device": "\(device)", "step": "\(step)", "reason": "\(error)"])
      throw DeviceFault(error)
    }
  }
}
