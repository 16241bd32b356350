public import AgentProtocol
public import Encoding

/// How a rollout reaches its devices. Implemented over SSH by the commands, and by the simulator.
///
/// Every call may be made again after a lost answer and then does nothing twice; every call ends
/// soon after its task is cancelled. Calls for different devices run at the same time, and
/// ``keepAlive(_:epoch:)``, ``status(of:)`` and ``evidence(about:on:epoch:)`` may run beside another call for the same device. A lost
/// connection, a time-out and an agent that is busy are ``DeviceFault/unreachable(_:)``: they are
/// tried again until the step's deadline.
public protocol FleetAccess: Sendable {
  /// Uploads what is missing and has the agent prepare and verify it.
  func stage(_ variant: Digest, on device: String, epoch: Epoch) async throws(DeviceFault)

  /// Starts the trial. A device that has this variant on trial already stays as it is.
  func activate(
    _ variant: Digest, on device: String, terms: TrialTerms, epoch: Epoch
  ) async throws(DeviceFault)

  /// Runs `predictions` windows of the probe set, going on where the last call ended. What came of
  /// it is read through ``evidence(about:on:epoch:)`` alone.
  func probe(
    _ variant: Digest, on device: String, predictions: Int, epoch: Epoch
  ) async throws(DeviceFault)

  func status(of device: String) async throws(DeviceFault) -> DeviceStatus

  /// Collects and stores the device's telemetry, then gives everything that it has shown of the
  /// variant since this epoch's first activation there.
  func evidence(
    about variant: Digest, on device: String, epoch: Epoch
  ) async throws(DeviceFault) -> Evidence

  func commit(_ variant: Digest, on device: String, epoch: Epoch) async throws(DeviceFault)

  /// Called when `variant` runs. Afterwards the device runs `previous`: by ending the trial, or, where the variant was
  /// committed, by staging, activating and committing the previous one. `nil`: it runs none.
  func revert(
    _ device: String, from variant: Digest, to previous: Digest?, reason: String, epoch: Epoch
  ) async throws(DeviceFault)

  func keepAlive(_ device: String, epoch: Epoch) async throws(DeviceFault)
}
