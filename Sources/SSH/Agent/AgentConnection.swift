public import AgentProtocol

/// A conversation with the agent on a device: requests and answers over one command's streams.
///
/// Any number of requests may be under way at the same time; each call gets its own answer. A lost
/// connection ends all of them with an error, and the same requests may be made again over a new one.
public struct AgentConnection: Sendable {
  public let session: SSHSession
  /// What the device said of itself at the beginning.
  public let facts: Facts
  let channel: ChannelID

  /// Starts the agent's side over `session` and greets it.
  public static func open(over session: SSHSession) async throws(AgentError) -> AgentConnection {
    try await open(over: session, command: AgentCommand.line("rpc"))
  }

  /// The same with the command that starts the agent's side.
  public static func open(
    over session: SSHSession, command: String
  ) async throws(AgentError) -> AgentConnection {
    let channel: ChannelID
    do { channel = try await session.open(command).channel } catch { throw AgentError(error) }
    await session.beginConversation(on: channel)
    do {
      let facts = try await greet(over: session, channel)
      return AgentConnection(session: session, facts: facts, channel: channel)
    } catch {
      await session.release(channel)
      throw error
    }
  }

  private static func greet(
    over session: SSHSession, _ channel: ChannelID
  ) async throws(AgentError) -> Facts {
    let request = Request.hello(protocolVersion: ProtocolVersion.current)
    let answer: Response
    do throws(AgentError) {
      answer = try await call(request, over: session, channel, within: nil)
    } catch {
      // Where no daemon listens, `rpc` itself answers the first request so.
      guard case .refused(let refusal) = error.problem, refusal.reason == .internalFailure else {
        throw error
      }
      throw await session.agentError(.daemonNotRunning(DeviceText(refusal.message)))
    }
    switch answer {
    case .hello(let facts, ProtocolVersion.current): return facts
    case .hello(_, let version):
      throw await session.agentError(.unsupportedProtocol(agent: version))
    case let other: throw await session.unexpected(other, to: request)
    }
  }

  /// Makes a request and waits for its answer.
  ///
  /// - Parameter limit: how long to wait; by default what the kind of request may take on a slow Pi.
  /// - Returns: the answer, never `.refused`, which is thrown.
  public func call(
    _ request: Request, within limit: Duration? = nil
  ) async throws(AgentError) -> Response {
    try await Self.call(request, over: session, channel, within: limit)
  }

  private static func call(
    _ request: Request, over session: SSHSession, _ channel: ChannelID, within limit: Duration?
  ) async throws(AgentError) -> Response {
    let ticket = try await ask(request, over: session, channel, within: limit)
    return try await ticket.answer()
  }

  /// Makes a request without waiting for its answer.
  func ask(_ request: Request) async throws(AgentError) -> Ticket {
    try await Self.ask(request, over: session, channel, within: nil)
  }

  private static func ask(
    _ request: Request, over session: SSHSession, _ channel: ChannelID, within limit: Duration?
  ) async throws(AgentError) -> Ticket {
    let allowed = limit ?? request.usualLimit
    let until = (
      deadline: ContinuousClock.now + allowed, timeout: SSHError.Timeout.total(allowed)
    )
    do {
      let number = try await session.ask(request, on: channel, within: until)
      return Ticket(
        session: session, channel: channel, number: number, name: request.name, limit: until,
        allowed: allowed)
    } catch {
      throw error.naming(request.name, allowed)
    }
  }

  /// Ends the conversation. The session stays open.
  public func close() async {
    await session.release(channel)
  }
}

extension AgentConnection {
  /// A request that was made and whose answer is to come.
  struct Ticket {
    var session: SSHSession
    var channel: ChannelID
    var number: UInt64
    var name: String
    var limit: SSHSession.Limit
    var allowed: Duration

    func answer() async throws(AgentError) -> Response {
      let response: Response
      do {
        response = try await session.answer(to: number, on: channel, within: limit)
      } catch { throw error.naming(name, allowed) }
      if case .refused(let refusal) = response { throw await session.agentError(.refused(refusal)) }
      return response
    }
  }
}

extension AgentError {
  /// A time-out of a request is told by the request's name.
  fileprivate func naming(_ name: String, _ allowed: Duration) -> AgentError {
    guard case .ssh(.timedOut(.total)) = problem else { return self }
    return AgentError(address: address, problem: .noAnswer(to: name, within: allowed))
  }
}
