/// What happened: persisted before anything is done about it.
///
/// The events of a rollout, applied in order to the machine of its plan, give its state again.
public enum RolloutEvent: Hashable, Codable, Sendable {
  case started
  /// A controller took the rollout up again.
  case resumed
  case staged(device: String)
  case activated(device: String)
  case measured(device: String, Evidence)
  case observed(device: String, Observation)
  /// The trial's time is over without a verdict.
  case deadlinePassed(device: String, detail: String)
  case committed(device: String)
  case reverted(device: String)
  /// The step that the device was in did not happen.
  case faulted(device: String, DeviceFault)
  /// A person wants every touched device back, during the rollout or after it.
  case stopRequested(reason: String)

  /// The device that it concerns.
  public var device: String? {
    switch self {
    case .started, .resumed, .stopRequested: nil
    case .staged(let device), .activated(let device), .measured(let device, _),
      .observed(let device, _), .deadlinePassed(let device, _), .committed(let device),
      .reverted(let device), .faulted(let device, _):
      device
    }
  }
}

/// What is to be done next. Every effect may be carried out again after a restart.
public enum RolloutEffect: Hashable, Sendable {
  case stage(device: String)
  /// Looks how the device stands, where it cannot be known after a restart.
  case observe(device: String)
  case activate(device: String)
  /// Runs up to so many probe predictions, then gathers the device's evidence.
  case gather(device: String, predictions: Int)
  case commit(device: String)
  case revert(device: String, reason: String)
  case finish(RolloutOutcome)

  public var device: String? {
    switch self {
    case .stage(let device), .observe(let device), .activate(let device), .gather(let device, _),
      .commit(let device), .revert(let device, _):
      device
    case .finish: nil
    }
  }
}

/// How a rollout ended.
public enum RolloutOutcome: String, Codable, Sendable {
  /// Every device has the variant for good.
  case promoted
  /// Devices that were reached have it; the others are named with the reason.
  case partial
  /// Every device that was touched went back, or still owes it and is named.
  case rolledBack
  /// No device could be given the variant.
  case untouched
}
