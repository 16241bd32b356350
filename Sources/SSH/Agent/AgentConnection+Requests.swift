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

  /// How long each layer of a variant takes there, as its canonical CBOR. Its manifest and image must be on the device.
  ///
  /// - Throws: ``AgentError`` with ``AgentError/Problem/unsupportedRequest`` for agents that do not know it yet.
  public func profile(
    _ variant: Digest, runs: UInt64, milliseconds: UInt64
  ) async throws(AgentError) -> [UInt8] {
    let request = Request.profile(variant: variant, runs: runs, milliseconds: milliseconds)
    let answer: Response
    do throws(AgentError) {
      answer = try await call(request)
    } catch {
      // An agent that does not know the kind of a request cannot read it.
      guard case .refused(let refusal) = error.problem, refusal.reason == .malformed else {
        throw error
      }
      throw await session.agentError(.unsupportedRequest(request.name, version: facts.agentVersion))
    }
    guard case .profile(variant, let content) = answer else {
      throw await session.unexpected(answer, to: request)
    }
    return content
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
    case .profile: "profile"
    }
  }

  /// How long a Pi 1 with a slow card may take over it.
  var usualLimit: Duration {
    switch self {
    case .stage, .activate, .upload: .seconds(600)
    // By default one prediction a second at worst, and some room.
    case .probe(_, let predictions, _): .seconds(120 + 2 * Int(clamping: min(predictions, 1 << 20)))
    // Loading, and the last run.
    case .profile(_, _, let milliseconds):
      .seconds(120) + .milliseconds(Int64(clamping: min(milliseconds, 1 << 20)))
    default: .seconds(60)
    }
  }
}
