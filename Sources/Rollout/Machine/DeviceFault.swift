/// Why something asked of a device did not happen: what ``FleetAccess`` throws.
public enum DeviceFault: Error, Hashable, Codable, Sendable, CustomStringConvertible {
  /// No answer: the connection failed or ended, or time ran out. It may or may not have been carried out.
  case unreachable(String)
  /// The device said no, nothing has changed on it, and the variant is not to blame: a full disk, a newer epoch.
  case refused(String)
  /// The variant could not be prepared, started or run.
  case variantFailed(String)
  /// The device refuses the variant since it failed there three times.
  case quarantined(String)

  public var description: String {
    switch self {
    case .unreachable(let reason): "unreachable: \(reason)"
    case .refused(let reason): "refused: \(reason)"
    case .variantFailed(let reason): "the variant failed: \(reason)"
    case .quarantined(let reason): "quarantined: \(reason)"
    }
  }

  var reason: String {
    switch self {
    case .unreachable(let reason), .refused(let reason), .variantFailed(let reason),
      .quarantined(let reason):
      reason
    }
  }
}
