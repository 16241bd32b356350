/// Why something was not done on one device: for people, with the exit status that it deserves.
struct DeviceProblem: Error, Equatable {
  var message: String
  var status: ExitStatus

  init(_ error: any Error) {
    let report = ErrorReport(of: error)
    message = report.message
    status = report.status
  }
}

extension ExitStatus {
  /// The one status for several devices: the gravest of them.
  static func gravest(of problems: some Sequence<DeviceProblem>) -> ExitStatus {
    let order: [ExitStatus] = [.integrity, .interrupted, .failure, .partial]
    let statuses = Set(problems.map(\.status))
    if statuses.isEmpty { return .success }
    return order.first(where: statuses.contains) ?? .failure
  }
}
