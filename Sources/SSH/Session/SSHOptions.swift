/// How a session is made: whom to trust, how long to wait, what to read.
public struct SSHOptions: Sendable {
  /// Which `ssh_config` counts.
  public enum Configuration: Sendable, Hashable {
    /// `~/.ssh/config`, then `/etc/ssh/ssh_config`.
    case user
    /// This file alone.
    case file(String)
    case none
  }

  /// Where keys may come from besides the identity files.
  public enum KeyAgent: Sendable, Hashable {
    /// The agent that `SSH_AUTH_SOCK` or `ssh_config` names, if any.
    case environment
    /// The agent that listens on this socket.
    case socket(String)
    case none
  }

  public var hostKeys: HostKeyPolicy
  public var timeouts: Timeouts
  public var configuration: Configuration
  public var keyAgent: KeyAgent
  /// Whether `~/.ssh/id_ed25519`, `id_ecdsa` and `id_rsa` are tried after everything else.
  public var usesDefaultIdentities: Bool

  public init(
    hostKeys: HostKeyPolicy, timeouts: Timeouts = Timeouts(),
    configuration: Configuration = .user, keyAgent: KeyAgent = .environment,
    usesDefaultIdentities: Bool = true
  ) {
    self.hostKeys = hostKeys
    self.timeouts = timeouts
    self.configuration = configuration
    self.keyAgent = keyAgent
    self.usesDefaultIdentities = usesDefaultIdentities
  }
}

/// How long a session waits for what.
public struct Timeouts: Sendable, Hashable {
  /// From the first packet to a session that is logged in. Looking a name up can't be interrupted
  /// and may exceed it.
  public var connect: Duration
  /// The longest silence of a device from which something is awaited. The session asks for a sign
  /// of life after each third of it, so that a command which computes for long is not taken for a
  /// device that is gone.
  public var idle: Duration
  /// The longest time that one command may take, from its start to its exit status.
  public var total: Duration?

  public init(
    connect: Duration = .seconds(15), idle: Duration = .seconds(30), total: Duration? = nil
  ) {
    self.connect = connect
    self.idle = idle
    self.total = total
  }
}
