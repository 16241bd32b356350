import AgentProtocol

/// One operation carried out on a device.
struct DeviceCall<Fleet: FleetAccess>: Sendable {
  var plan: RolloutPlan
  var fleet: Fleet
  var operation: Operation

  func result() async -> OperationResult {
    do {
      return try await carryOut()
    } catch {
      return .fault(error)
    }
  }

  private func carryOut() async throws(DeviceFault) -> OperationResult {
    let device = operation.device
    let epoch = plan.epoch
    switch operation.kind {
    case .stage:
      try await fleet.stage(plan.variant, on: device, epoch: epoch)
    case .activate:
      try await fleet.activate(plan.variant, on: device, terms: plan.terms, epoch: epoch)
    case .commit:
      return try await commit()
    case .revert(let reason):
      try await revert(reason: reason)
    case .gather(let predictions):
      return try await gather(predictions)
    case .observe:
      return .observation(try await look().observation)
    case .heartbeat:
      // A device that left the trial refuses the word; looking tells why.
      do { try await fleet.keepAlive(device, epoch: epoch) } catch .unreachable(let reason) {
        throw .unreachable(reason)
      } catch {}
      return .observation(try await look().observation)
    }
    return .done
  }

  private func look() async throws(DeviceFault) -> (evidence: Evidence, observation: Observation) {
    let evidence = try await fleet.evidence(
      about: plan.variant, on: operation.device, epoch: plan.epoch)
    let status = try await fleet.status(of: operation.device)
    return (evidence, Observation(status: status, variant: plan.variant, evidence: evidence))
  }

  private func gather(_ predictions: Int) async throws(DeviceFault) -> OperationResult {
    var fault: DeviceFault?
    if predictions > 0 {
      do {
        try await fleet.probe(
          plan.variant, on: operation.device, predictions: predictions, epoch: plan.epoch)
      } catch .unreachable(let reason) {
        throw .unreachable(reason)
      } catch {
        fault = error
      }
    }
    let (evidence, observation) = try await look()
    return .gathered(evidence, observation, fault: fault)
  }

  /// A device that left the trial in the meantime is not committed but looked at.
  private func commit() async throws(DeviceFault) -> OperationResult {
    let observation = try await look().observation
    guard observation == .onTrial else { return .observation(observation) }
    try await fleet.commit(plan.variant, on: operation.device, epoch: plan.epoch)
    return .done
  }

  /// A device that is away from the variant is left alone: told to go back, it would leave its good
  /// variant for an older one. Done only when the device was seen to be away.
  private func revert(reason: String) async throws(DeviceFault) {
    let device = operation.device
    guard try await fleet.status(of: device).active == plan.variant else { return }
    let previous = plan.targets.first { $0.name == device }?.previous
    try await fleet.revert(
      device, from: plan.variant, to: previous, reason: "controller: " + reason,
      epoch: plan.epoch)
    if try await fleet.status(of: device).active == plan.variant {
      throw .unreachable("the device still runs the variant that it was told to leave")
    }
  }
}
