/// What went wrong between this machine and a device, below the commands that run there.
public struct SSHError: Error, Equatable, Sendable {
  /// `user@host:port`, as far as it was known.
  public var address: String
  public var problem: Problem

  public init(address: String, problem: Problem) {
    self.address = address
    self.problem = problem
  }

  public enum Problem: Equatable, Sendable {
    /// `ssh_config`, or an option taken from it, can't be used.
    case configuration(String)
    /// The name has no address.
    case notResolved(String)
    /// No TCP connection: refused, no route, ...
    case unreachable(String)
    case timedOut(Timeout)
    /// Someone listens, but no SSH session came to be.
    case handshake(String)
    case hostKey(HostKeyProblem)
    case authentication(AuthenticationFailure)
    /// The device did not start the command.
    case commandRefused(String)
    /// The connection broke.
    case disconnected(String)
    /// The command wrote more than it may.
    case tooMuchOutput(limit: Int)
    /// The session or stream was closed on this side.
    case closed
    case cancelled
  }

  public enum Timeout: Equatable, Sendable {
    case connect(Duration)
    case idle(Duration)
    case total(Duration)
  }

  public struct AuthenticationFailure: Equatable, Sendable {
    /// What the device would accept, by SSH's names.
    public var offered: [String]
    public var tried: [AuthenticationAttempt]
  }
}

/// Why a host key was not trusted.
public enum HostKeyProblem: Equatable, Sendable {
  /// No line of the file names the device.
  case unknown(offered: HostKey, file: String)
  /// The file names other keys for the device.
  case changed(offered: HostKey, known: [HostKey], file: String, line: Int)
  /// The file says never to trust this key.
  case revoked(offered: HostKey, file: String, line: Int)
  /// The key is not the pinned one.
  case pinMismatch(offered: HostKey, pinned: String)
  /// The file can't be read or written.
  case unusableFile(KnownHostsError)
}

/// One way that was tried to log in.
public struct AuthenticationAttempt: Equatable, Sendable, CustomStringConvertible {
  /// The identity file, or the agent.
  public var source: String
  /// How it went.
  public var outcome: String

  public var description: String { "\(source): \(outcome)" }
}
