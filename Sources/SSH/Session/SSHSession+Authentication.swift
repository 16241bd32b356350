import CLibSSH
import Foundation

extension SSHSession {
  /// Logs in: first the identity files of the endpoint, then the agent's keys, then the file of
  /// `ssh_config` and the usual ones.
  ///
  /// Of several `IdentityFile` lines that apply, libssh lets the last be seen.
  func authenticate(
    _ handle: OpaquePointer, user: String, within limit: Limit
  ) async throws(SSHError) {
    if try await step(within: limit, { ssh_userauth_none(handle, nil) }) == .success { return }
    let offered = Self.methods(ssh_userauth_list(handle, nil))
    var tried: [AuthenticationAttempt] = []
    do throws(SSHError) {
      if offered.contains("publickey"), try await tryKeys(handle, within: limit, &tried) {
        return
      }
    } catch {
      guard case .disconnected(let reason) = error.problem else { throw error }
      // Such as "Too many authentication failures".
      tried.append(.init(source: "then", outcome: reason))
    }
    throw error(.authentication(.init(offered: offered, tried: tried)))
  }

  private func tryKeys(
    _ handle: OpaquePointer, within limit: Limit, _ tried: inout [AuthenticationAttempt]
  ) async throws(SSHError) -> Bool {
    var seen: Set<String> = []
    for file in endpoint.identities.map(IdentityFile.init) {
      seen.insert(file.path)
      if try await tryIdentity(file, isOptional: false, handle, within: limit, &tried) {
        return true
      }
    }
    if try await tryAgent(handle, within: limit, &tried) { return true }
    guard options.usesDefaultIdentities else { return false }
    let configured = get(handle, SSH_OPTIONS_IDENTITY).map { [$0] } ?? []
    for file in (configured + IdentityFile.defaults).map(IdentityFile.init)
    where seen.insert(file.path).inserted {
      if try await tryIdentity(file, isOptional: true, handle, within: limit, &tried) {
        return true
      }
    }
    return false
  }

  private func tryIdentity(
    _ file: IdentityFile, isOptional: Bool, _ handle: OpaquePointer, within limit: Limit,
    _ tried: inout [AuthenticationAttempt]
  ) async throws(SSHError) -> Bool {
    func note(_ outcome: String) { tried.append(.init(source: file.path, outcome: outcome)) }
    switch file.state {
    case .missing:
      if !isOptional { note("no such file") }
      return false
    case .encrypted:
      note("has a passphrase; load it into an agent with `ssh-add \(file.path)`")
      return false
    case .unreadable(let reason):
      note(reason)
      return false
    case .readable: break
    }
    guard let key = file.load() else {
      note("libssh can't read this key")
      return false
    }
    defer { ssh_key_free(key) }
    switch try await step(within: limit, { ssh_userauth_publickey(handle, nil, key) }) {
    case .success: return true
    case .partial:
      note("accepted, but the device wants a second method, which Bramble has not")
      return false
    case .denied:
      note("refused")
      return false
    }
  }

  private func tryAgent(
    _ handle: OpaquePointer, within limit: Limit, _ tried: inout [AuthenticationAttempt]
  ) async throws(SSHError) -> Bool {
    let socket: String
    switch options.keyAgent {
    case .none: return false
    case .socket(let path): socket = path
    case .environment:
      guard let path = ProcessInfo.processInfo.environment["SSH_AUTH_SOCK"] else {
        tried.append(.init(source: "ssh-agent", outcome: "none runs (SSH_AUTH_SOCK is not set)"))
        return false
      }
      socket = path
    }
    switch try await step(within: limit, { ssh_userauth_agent(handle, nil) }) {
    case .success: return true
    case .partial, .denied:
      tried.append(
        .init(source: "ssh-agent at \(socket)", outcome: "none of its keys was accepted"))
      return false
    }
  }

  private enum Outcome { case success, partial, denied }

  private func step(
    within limit: Limit, _ call: @escaping () -> CInt
  ) async throws(SSHError) -> Outcome {
    try await complete(within: limit) { [self] in
      let code = call()
      if code == SSH_AUTH_AGAIN.rawValue { return nil }
      if code == SSH_AUTH_SUCCESS.rawValue { return .success(.success) }
      if code == SSH_AUTH_PARTIAL.rawValue { return .success(.partial) }
      if code == SSH_AUTH_DENIED.rawValue { return .success(.denied) }
      return .failure(error(.disconnected("while logging in: \(libraryMessage)")))
    }
  }

  private static func methods(_ mask: CInt) -> [String] {
    [
      (SSH_AUTH_METHOD_PUBLICKEY, "publickey"), (SSH_AUTH_METHOD_PASSWORD, "password"),
      (SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive"),
      (SSH_AUTH_METHOD_HOSTBASED, "hostbased"), (SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi-with-mic"),
    ].filter { mask & CInt($0.0) != 0 }.map(\.1)
  }
}
