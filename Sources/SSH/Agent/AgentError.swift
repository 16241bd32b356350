public import AgentProtocol

/// What went wrong between this machine and the agent on a device.
public struct AgentError: Error, Equatable, Sendable {
  /// `user@host:port`.
  public var address: String
  public var problem: Problem

  public init(address: String, problem: Problem) {
    self.address = address
    self.problem = problem
  }

  init(_ error: SSHError) {
    self.init(address: error.address, problem: .ssh(error.problem))
  }

  public enum Problem: Equatable, Sendable {
    /// Nothing reached the agent, or the connection broke.
    case ssh(SSHError.Problem)
    case notInstalled
    /// The agent is there, but its daemon does not answer; with what it said of it.
    case daemonNotRunning(DeviceText)
    /// The agent's side of the conversation ended.
    case ended(ExitStatus, said: DeviceText)
    /// What came is no answer to what was asked.
    case protocolViolation(String)
    case unsupportedProtocol(agent: UInt64)
    /// The agent is older than the request of that name; with its version.
    case unsupportedRequest(String, version: String)
    /// The agent did not do it. Nothing has changed on the device.
    case refused(Refusal)
    /// The agent did not answer in time. It may still do what it was asked to do.
    case noAnswer(to: String, within: Duration)
    /// The installation did not come to its end; in which step and why.
    case installation(String)
  }
}

extension AgentError: CustomStringConvertible {
  public var description: String { "\(address): \(problem)" }
}

extension AgentError.Problem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .ssh(let problem): problem.description
    case .notInstalled: "no agent is installed there; run `bramble agent install`"
    case .daemonNotRunning(let text):
      """
      the agent is installed, but its daemon does not run (\(text.line)); \
      run `bramble agent install` again
      """
    case .ended(let status, let text):
      "the agent's side ended: \(text.isEmpty ? status.description : text.line)"
    case .protocolViolation(let detail): "the agent broke the protocol: \(detail)"
    case .unsupportedProtocol(let version):
      """
      the agent speaks version \(version) of the protocol, not \(ProtocolVersion.current); \
      run `bramble agent install`
      """
    case .unsupportedRequest(let request, let version):
      """
      the agent (version \(DeviceText(version).line)) does not know the request '\(request)'; \
      run `bramble agent install`
      """
    case .refused(let refusal):
      "refused (\(refusal.reason)): \(DeviceText(refusal.message).line)"
    case .noAnswer(let request, let time): "no answer to \(request) within \(time)"
    case .installation(let reason): "the agent was not installed: \(reason)"
    }
  }
}
