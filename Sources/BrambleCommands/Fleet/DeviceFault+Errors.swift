import AgentProtocol
import Rollout
import SSH
import Store

extension DeviceFault {
  /// What an error of the connection, the agent or this workspace means for a rollout.
  init(_ error: any Error) {
    switch error {
    case let fault as DeviceFault: self = fault
    case let error as AgentError: self.init(error)
    case is CancellationError: self = .unreachable("cancelled")
    // The workspace itself is in trouble: nothing is said against the device or the variant.
    case let error as StoreError: self = .refused("this workspace: \(error)")
    case let error as ObjectError: self = .refused("this workspace: \(error)")
    default: self = .refused(String(describing: error))
    }
  }

  private init(_ error: AgentError) {
    switch error.problem {
    case .refused(let refusal): self.init(refusal, "\(error.problem)")
    case .notInstalled, .unsupportedProtocol, .unsupportedRequest, .installation, .ssh(.hostKey),
      .ssh(.configuration):
      self = .refused("\(error)")
    case .ssh, .daemonNotRunning, .ended, .protocolViolation, .noAnswer:
      self = .unreachable("\(error)")
    }
  }

  private init(_ refusal: Refusal, _ text: String) {
    switch refusal.reason {
    case .quarantined: self = .quarantined(text)
    case .damagedObject, .modelFailed, .wrongInput: self = .variantFailed(text)
    case .busy: self = .unreachable(text)
    case .malformed, .unsupportedProtocol, .staleEpoch, .unknownObject, .diskFull, .notStaged,
      .noActiveVariant, .notPermitted, .noTrial, .internalFailure:
      self = .refused(text)
    }
  }
}
