/// What an error becomes on the terminal: a message and an exit status.
struct ErrorReport {
  var message: String
  var status: ExitStatus

  init(of error: any Error) {
    switch error {
    case let failure as Failure:
      message = failure.message
      status = failure.status
    case is CancellationError:
      message = "interrupted"
      status = .interrupted
    default:
      message = String(describing: error)
      status = .failure
    }
  }

  func show(on terminal: Terminal) -> ExitStatus {
    terminal.note("Error: " + message)
    return status
  }
}
