import CLibSSH

extension SSHSession {
  /// The device's key, when the policy trusts it.
  func verifyHostKey(
    _ handle: OpaquePointer, host: String, port: Int
  ) throws(SSHError) -> HostKey {
    var pointer: OpaquePointer?
    guard ssh_get_server_publickey(handle, &pointer) == SSH_OK, let pointer else {
      throw error(.handshake(libraryMessage))
    }
    defer { ssh_key_free(pointer) }
    guard let key = HostKey(pointer) else {
      throw error(.handshake("its host key can't be written down"))
    }
    let problem: HostKeyProblem?
    do throws(KnownHostsError) {
      problem = try options.hostKeys.problem(with: key, host: host, port: port)
    } catch {
      problem = .unusableFile(error)
    }
    if let problem { throw self.error(.hostKey(problem)) }
    return key
  }
}

extension HostKeyPolicy {
  /// What speaks against the key; `nil` when it is trusted and, where the policy says so, recorded.
  func problem(
    with key: HostKey, host: String, port: Int
  ) throws(KnownHostsError) -> HostKeyProblem? {
    if case .pinned(let pin, _) = self, pin != key.fingerprint {
      return .pinMismatch(offered: key, pinned: pin)
    }
    guard let file = knownHosts else { return nil }
    let entries = try file.entries(host: host, port: port)
    if let revoked = entries.first(where: { $0.isRevoked && $0.key == key }) {
      return .revoked(offered: key, file: file.path, line: revoked.line)
    }
    let known = entries.filter { !$0.isRevoked }
    if known.contains(where: { $0.key == key }) { return nil }
    if let first = known.first(where: { $0.key.type == key.type }) ?? known.first {
      return .changed(
        offered: key, known: known.map(\.key), file: file.path, line: first.line)
    }
    if case .known = self { return .unknown(offered: key, file: file.path) }
    try file.add(key, host: host, port: port)
    return nil
  }
}
