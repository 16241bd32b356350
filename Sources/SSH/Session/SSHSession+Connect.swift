import CLibSSH
import Foundation

extension SSHSession {
  /// Connects, checks the host key and logs in.
  ///
  /// The order is such that nothing about the user is sent to a device whose key is not trusted.
  public static func connect(
    to endpoint: Endpoint, options: SSHOptions
  ) async throws(SSHError) -> SSHSession {
    let session = try SSHSession(endpoint: endpoint, options: options)
    do {
      try await session.open()
      return session
    } catch {
      await session.close()
      throw error
    }
  }

  /// Connects, runs `body` and closes, whatever comes.
  public static func withConnection<Value>(
    to endpoint: Endpoint, options: SSHOptions,
    _ body: (SSHSession) async throws -> Value
  ) async throws -> Value {
    let session = try await connect(to: endpoint, options: options)
    do {
      let value = try await body(session)
      await session.close()
      return value
    } catch {
      await session.close()
      throw error
    }
  }

  private func open() async throws(SSHError) {
    guard let handle else { throw error(.closed) }
    let allowed = options.timeouts.connect
    let limit: Limit = (.now + allowed, .connect(allowed))
    let target = try configure(handle)
    if !target.isProxied {
      connectingSocket = try await connectSocket(
        host: target.host, port: target.port, within: limit)
      guard ssh_options_set(handle, SSH_OPTIONS_FD, &connectingSocket) == 0 else {
        throw error(.configuration(libraryMessage))
      }
    }
    try await complete(within: limit) { [self] in
      connectingSocket = -1
      return switch ssh_connect(handle) {
      case SSH_OK: .success(())
      case SSH_AGAIN: nil
      default: .failure(error(.handshake(libraryMessage)))
      }
    }
    isConnected = true
    // libssh made it blocking; a full send buffer would then hold up the deadlines.
    let descriptor = ssh_get_fd(handle)
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    hostKey = try verifyHostKey(handle, host: target.host, port: target.port)
    try await authenticate(handle, user: target.user, within: limit)
    isAuthenticated = true
  }

  struct Target {
    var host: String
    var port: Int
    var user: String
    /// `ssh_config` says how to get there, by `ProxyCommand` or `ProxyJump`.
    var isProxied: Bool
  }

  /// Gives libssh its options and finds out where they lead.
  private func configure(_ handle: OpaquePointer) throws(SSHError) -> Target {
    var off: CInt = 0
    try set(handle, SSH_OPTIONS_HOST, endpoint.host)
    _ = ssh_options_set(handle, SSH_OPTIONS_PROCESS_CONFIG, &off)
    let parsed =
      switch options.configuration {
      case .user: ssh_options_parse_config(handle, nil)
      case .file(let path): ssh_options_parse_config(handle, path)
      case .none: CInt(0)
      }
    guard parsed == 0 else { throw error(.configuration(libraryMessage)) }
    if let port = endpoint.port { try set(handle, SSH_OPTIONS_PORT_STR, String(port)) }
    if let user = endpoint.user { try set(handle, SSH_OPTIONS_USER, user) }
    // The order of key types follows the file that the key is then looked up in.
    try set(handle, SSH_OPTIONS_KNOWNHOSTS, options.hostKeys.knownHosts?.path ?? "/dev/null")
    try set(handle, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null")
    if case .socket(let path) = options.keyAgent {
      try set(handle, SSH_OPTIONS_IDENTITY_AGENT, path)
    }
    if get(handle, SSH_OPTIONS_USER) == nil {
      guard ssh_options_set(handle, SSH_OPTIONS_USER, nil) == 0 else {
        throw error(.configuration("no user name is known; write USER@HOST"))
      }
    }
    var port: UInt32 = 0
    ssh_options_get_port(handle, &port)
    let target = Target(
      host: get(handle, SSH_OPTIONS_HOST) ?? endpoint.host, port: port == 0 ? 22 : Int(port),
      user: get(handle, SSH_OPTIONS_USER) ?? "",
      isProxied: get(handle, SSH_OPTIONS_PROXYCOMMAND) != nil)
    address = Endpoint(host: target.host, port: target.port, user: target.user).description
    return target
  }

  private func set(
    _ handle: OpaquePointer, _ option: ssh_options_e, _ value: String
  ) throws(SSHError) {
    guard ssh_options_set(handle, option, value) == 0 else {
      throw error(.configuration("\(value.debugDescription) was refused: \(libraryMessage)"))
    }
  }

  func get(_ handle: OpaquePointer, _ option: ssh_options_e) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard ssh_options_get(handle, option, &text) == 0, let text else { return nil }
    defer { ssh_string_free_char(text) }
    return String(cString: text)
  }
}
