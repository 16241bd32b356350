public import AgentProtocol
public import Encoding

extension AgentConnection {
  public func status() async throws(AgentError) -> DeviceStatus {
    let answer = try await call(.status)
    guard case .status(let status) = answer else {
      throw await session.unexpected(answer, to: .status)
    }
    return status
  }

  /// What the device says of itself now.
  public func currentFacts() async throws(AgentError) -> Facts {
    let request = Request.hello(protocolVersion: ProtocolVersion.current)
    let answer = try await call(request)
    guard case .hello(let facts, _) = answer else {
      throw await session.unexpected(answer, to: request)
    }
    return facts
  }

  /// How much of each object the agent holds, in the order asked for.
  public func holdings(_ objects: [Digest]) async throws(AgentError) -> [Holding] {
    let request = Request.holdings(objects)
    let answer = try await call(request)
    guard case .holdings(let holdings) = answer, holdings.map(\.object) == objects else {
      throw await session.unexpected(answer, to: request)
    }
    return holdings
  }

  public func probe(
    _ variant: Digest, predictions: UInt64, epoch: Epoch, within limit: Duration? = nil
  ) async throws(AgentError) -> ProbeOutcome {
    let request = Request.probe(variant: variant, predictions: predictions, epoch: epoch)
    let answer = try await call(request, within: limit)
    guard case .probe(let outcome) = answer, outcome.variant == variant else {
      throw await session.unexpected(answer, to: request)
    }
    return outcome
  }

  public func collect(
    after position: JournalPosition?, maximumBytes: UInt64
  ) async throws(AgentError) -> TelemetryBatch {
    let request = Request.collect(after: position, maximumBytes: maximumBytes)
    let answer = try await call(request)
    guard case .telemetry(let batch) = answer else {
      throw await session.unexpected(answer, to: request)
    }
    return batch
  }

  /// One prediction by the active variant; `input` is float32, little-endian.
  public func predict(_ input: [UInt8]) async throws(AgentError) -> Prediction {
    let request = Request.predict(input: input)
    let answer = try await call(request)
    guard case .prediction(let prediction) = answer else {
      throw await session.unexpected(answer, to: request)
    }
    return prediction
  }

  /// For the requests whose answer is `.done`: stage, activate, commit, revert, keep alive,
  /// acknowledge, feedback.
  public func perform(
    _ request: Request, within limit: Duration? = nil
  ) async throws(AgentError) {
    let answer = try await call(request, within: limit)
    guard answer == .done else { throw await session.unexpected(answer, to: request) }
  }
}

extension SSHSession {
  func unexpected(_ answer: Response, to request: Request) -> AgentError {
    let kind = DeviceText("\(answer)".prefix { $0 != "(" }, limit: 64).line
    return agentError(.protocolViolation("answered \(request.name) with \(kind)"))
  }
}

extension Request {
  /// For messages.
  var name: String {
    switch self {
    case .hello: "hello"
    case .status: "status"
    case .holdings: "holdings"
    case .upload: "upload"
    case .stage: "stage"
    case .activate: "activate"
    case .probe: "probe"
    case .commit: "commit"
    case .revert: "revert"
    case .keepAlive: "keep-alive"
    case .collect: "collect"
    case .acknowledge: "acknowledge"
    case .predict: "predict"
    case .feedback: "feedback"
    }
  }

  /// How long a Pi 1 with a slow card may take over it.
  var usualLimit: Duration {
    switch self {
    case .stage, .activate, .upload: .seconds(600)
    // By default one prediction a second at worst, and some room.
    case .probe(_, let predictions, _): .seconds(120 + 2 * Int(clamping: min(predictions, 1 << 20)))
    default: .seconds(60)
    }
  }
}
