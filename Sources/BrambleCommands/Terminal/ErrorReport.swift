import AgentProtocol
import Compression
import Inference
import Inventory
import ModelFormat
import Rollout
import SSH
import Store

/// What an error becomes on the terminal: a message and an exit status.
struct ErrorReport {
  var message: String
  var status: ExitStatus

  init(of error: any Error) {
    message = String(describing: error)
    status = Self.status(of: error)
    switch error {
    case let problem as DeviceProblem: message = problem.message
    case is CancellationError: message = "interrupted"
    default: break
    }
  }

  func show(on terminal: Terminal) -> ExitStatus {
    terminal.note("Error: " + message)
    return status
  }

  private static func status(of error: any Error) -> ExitStatus {
    switch error {
    case let failure as Failure: failure.status
    case let problem as DeviceProblem: problem.status
    case is CancellationError, EvaluationError.cancelled: .interrupted
    case is SelectorError, is RecipeError, is DecisionRuleError, is RolloutPlanError: .usage
    case let error as SSHError: status(of: error.problem)
    case let error as AgentError: status(of: error.problem)
    case is FormatError, ObjectError.damaged, StoreError.damaged, InferenceError.damagedImage:
      .integrity
    default: .failure
    }
  }

  private static func status(of problem: AgentError.Problem) -> ExitStatus {
    switch problem {
    case .ssh(let problem): status(of: problem)
    case .refused(let refusal) where refusal.reason == .damagedObject: .integrity
    case .daemonNotRunning, .ended, .noAnswer: .partial
    case .notInstalled, .protocolViolation, .unsupportedProtocol, .unsupportedRequest, .refused,
      .installation:
      .failure
    }
  }

  private static func status(of problem: SSHError.Problem) -> ExitStatus {
    switch problem {
    case .hostKey(.unusableFile): .failure
    case .hostKey: .integrity
    case .cancelled: .interrupted
    case .configuration, .tooMuchOutput: .failure
    case .notResolved, .unreachable, .timedOut, .handshake, .authentication, .commandRefused,
      .disconnected, .closed:
      .partial
    }
  }
}
