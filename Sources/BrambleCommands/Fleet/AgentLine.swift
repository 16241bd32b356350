import SSH

/// The one connection to a device that is kept as long as there is something to do there, made anew
/// when it was lost.
actor AgentLine {
  private let open: @Sendable () async throws(AgentError) -> AgentConnection
  private var connection: AgentConnection?
  /// Counts connections, so that a loss that two calls noticed ends one connection only.
  private var generation = 0
  private var isOpening = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(open: @escaping @Sendable () async throws(AgentError) -> AgentConnection) {
    self.open = open
  }

  /// Runs `body` over the connection. Where that was lost, does so once more over a new one.
  func run<Value: Sendable>(
    _ body: @Sendable (AgentConnection) async throws -> Value
  ) async throws -> Value {
    let (first, number) = try await current()
    do {
      return try await body(first)
    } catch let error as AgentError where error.isLoss {
      await drop(number)
      try Task.checkCancellation()
    }
    let (second, next) = try await current()
    do {
      return try await body(second)
    } catch let error as AgentError where error.isLoss {
      await drop(next)
      throw error
    }
  }

  func close() async {
    await drop(generation)
  }

  private func current() async throws(AgentError) -> (AgentConnection, Int) {
    while true {
      if let connection { return (connection, generation) }
      if !isOpening { break }
      await withCheckedContinuation { waiting.append($0) }
    }
    isOpening = true
    defer {
      isOpening = false
      for continuation in waiting { continuation.resume() }
      waiting = []
    }
    let opened = try await open()
    connection = opened
    generation += 1
    return (opened, generation)
  }

  private func drop(_ number: Int) async {
    guard number == generation, let lost = connection else { return }
    connection = nil
    await lost.session.close()
  }
}

extension AgentError {
  /// Whether the connection is of no use any more, and the device may still be there.
  var isLoss: Bool {
    switch problem {
    case .ssh(.cancelled), .ssh(.hostKey): false
    case .ssh, .ended, .protocolViolation, .daemonNotRunning, .noAnswer: true
    case .notInstalled, .unsupportedProtocol, .unsupportedRequest, .refused, .installation: false
    }
  }
}
