/// Why a lab could not do what it was asked for.
public enum LabError: Error, Equatable, CustomStringConvertible, Sendable {
  /// A program of this machine ended with another status than 0.
  case commandFailed(command: String, status: Int32, output: String)
  /// A program that the lab needs is not on this machine.
  case missingProgram(String)
  /// A device did not come up.
  case notReachable(device: String, log: String)
  /// The wished devices cannot be had together.
  case badWish(String)
  /// The wish needs root rights.
  case needsRoot(device: String, what: String)
  case noSuchDevice(String)
  /// The folder holds no lab, or its state file is damaged.
  case noLab(path: String, reason: String)
  case fileSystem(path: String, reason: String)

  public var description: String {
    switch self {
    case .commandFailed(let command, let status, let output):
      "`\(command)` ended with status \(status): \(output)"
    case .missingProgram(let name):
      "\(name) is not on this machine; Scripts/setup.sh installs what the lab needs"
    case .notReachable(let device, let log):
      "device \(device) did not answer within 15 s; its sshd says: \(log)"
    case .badWish(let reason): reason
    case .needsRoot(let device, let what):
      "device \(device) wants \(what), which takes root rights here"
    case .noSuchDevice(let name): "there is no device \(name) in this lab"
    case .noLab(let path, let reason): "no lab at \(path): \(reason)"
    case .fileSystem(let path, let reason): "\(path): \(reason)"
    }
  }
}
