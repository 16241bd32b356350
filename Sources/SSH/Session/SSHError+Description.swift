extension SSHError: CustomStringConvertible {
  /// What was wrong, where, and what to do.
  public var description: String { "\(address): \(problem)" }
}

extension SSHError.Problem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .configuration(let reason): "the SSH configuration can't be used: \(reason)"
    case .notResolved(let reason):
      "the name has no address (\(reason)); check it, or give the device's address"
    case .unreachable(let reason):
      "no connection (\(reason)); is the device on, and does sshd run there on that port?"
    case .timedOut(let timeout): timeout.description
    case .handshake(let reason): "no SSH session came to be: \(reason)"
    case .hostKey(let problem): problem.description
    case .authentication(let failure): failure.description
    case .commandRefused(let reason): "the device did not start the command: \(reason)"
    case .disconnected(let reason): "the connection broke: \(reason)"
    case .tooMuchOutput(let limit): "the command wrote more than \(limit) bytes and was ended"
    case .closed: "the session is closed"
    case .cancelled: "cancelled"
    }
  }
}

extension SSHError.Timeout: CustomStringConvertible {
  public var description: String {
    switch self {
    case .connect(let time): "no session within \(time)"
    case .idle(let time): "not a sign of life for \(time)"
    case .total(let time): "the command took longer than \(time) and was ended"
    }
  }
}

extension SSHError.AuthenticationFailure: CustomStringConvertible {
  public var description: String {
    var text = "the device did not let us in"
    if !tried.isEmpty { text += "; tried " + tried.map(\.description).joined(separator: ", ") }
    guard !offered.isEmpty else { return text }
    text += "; it accepts \(offered.joined(separator: ", "))"
    if !offered.contains("publickey") { return text + "; Bramble logs in with keys only" }
    return text + "; put a public key there with ssh-copy-id"
  }
}

extension HostKeyProblem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let offered, let file):
      """
      the host key is unknown: the device shows \(offered), and \(file) does not name it; compare \
      it with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the device, then accept it
      """
    case .changed(let offered, let known, let file, let line):
      """
      THE HOST KEY HAS CHANGED: the device shows \(offered), but \(file):\(line) says \
      \(known.map(\.description).joined(separator: " or ")); somebody may be in between, or the \
      device was set up anew or has another's address. If you know that it was set up anew, \
      delete that line and accept the new key
      """
    case .revoked(let offered, let file, let line):
      "the host key \(offered) is revoked by \(file):\(line)"
    case .pinMismatch(let offered, let pinned):
      """
      the device shows \(offered), not \(pinned); compare with `ssh-keygen -lf` of that key type \
      on the device
      """
    case .unusableFile(let error): error.description
    }
  }
}
