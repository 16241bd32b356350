import AgentProtocol

/// A conversation with an agent, as far as it has to happen on the session's own thread.
extension SSHSession {
  /// Makes a channel's output answers of an agent.
  func beginConversation(on id: ChannelID) {
    channels[id]?.agent = AgentInbox()
  }

  func agentError(_ problem: AgentError.Problem) -> AgentError {
    AgentError(address: address, problem: problem)
  }

  /// Sends a request.
  ///
  /// - Returns: its number, which must be given to ``answer(to:on:within:)``.
  func ask(
    _ request: Request, on id: ChannelID, within limit: Limit?
  ) async throws(AgentError) -> UInt64 {
    guard let number = channels[id]?.agent?.nextNumber else { throw agentError(.ssh(.closed)) }
    if let failure = channels[id]?.agent?.failure { throw agentError(failure) }
    let bytes: [UInt8]
    do { bytes = try Frame(id: number, payload: request).encoded() } catch {
      throw agentError(.protocolViolation("\(error)"))
    }
    channels[id]?.agent?.nextNumber += 1
    channels[id]?.agent?.awaited.insert(number)
    do throws(SSHError) {
      try await write(bytes, to: id, within: limit)
      return number
    } catch {
      // The stream may end in half a frame now.
      let problem = ending(on: id) ?? .ssh(error.problem)
      channels[id]?.agent?.failure = problem
      throw agentError(problem)
    }
  }

  /// Waits for the answer to a request. When that ends otherwise, the answer is dropped on arrival.
  func answer(
    to number: UInt64, on id: ChannelID, within limit: Limit?
  ) async throws(AgentError) -> Response {
    let result: Result<Response, AgentError>
    do throws(SSHError) {
      result = try await complete(within: limit) {
        [self] () -> Result<Result<Response, AgentError>, SSHError>? in
        drain(id)
        guard let inbox = channels[id]?.agent else { return .failure(error(.closed)) }
        if let answer = channels[id]?.agent?.fetch(number) { return .success(.success(answer)) }
        return inbox.failure.map { .success(.failure(agentError($0))) }
      }
    } catch {
      channels[id]?.agent?.abandon(number)
      throw AgentError(error)
    }
    return try result.get()
  }

  /// Takes in what has come.
  private func drain(_ id: ChannelID) {
    guard let channel = channels[id], channel.agent?.failure == nil else { return }
    var isAtEnd = false
    for output in [CommandStream.Output.standard, .error] {
      drain: for _ in 0..<Self.roundLimit {
        switch receive(output, from: channel.pointer, atMost: 32 << 10) {
        case .bytes(let bytes):
          if output == .standard {
            channels[id]?.agent?.take(bytes)
          } else {
            channels[id]?.agent?.takeError(bytes)
          }
        case .nothingYet: break drain
        case .end:
          if output == .standard { isAtEnd = true }
          break drain
        case .failed:
          channels[id]?.agent?.failure =
            .ssh(broken(or: .disconnected(libraryMessage)).problem)
          return
        }
      }
    }
    if isAtEnd, let problem = ending(on: id) { channels[id]?.agent?.failure = problem }
  }

  /// Why the agent's side ended; `nil` while it runs.
  private func ending(on id: ChannelID) -> AgentError.Problem? {
    guard let channel = channels[id], let inbox = channel.agent,
      let status = ending(of: channel.pointer)
    else { return nil }
    return AgentCommand.problem(status: status, said: inbox.errorText)
  }
}
