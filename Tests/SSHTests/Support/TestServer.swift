import Foundation
import SSH

/// A real `sshd` on a port of 127.0.0.1 with keys and a folder of its own.
final class TestServer: Sendable {
  let folder: URL
  let port: Int
  let hostKeyFingerprint: String
  private let process: ChildProcess

  static let sshd = "/usr/sbin/sshd"

  private init(hostKeyType: String, environment: [String], settings: String) throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "bramble-ssh-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.makeKey(folder.appending(path: "host").path, type: hostKeyType)
    try Self.makeKey(folder.appending(path: "user").path)
    try FileManager.default.copyItem(
      at: folder.appending(path: "user.pub"), to: folder.appending(path: "authorized"))
    hostKeyFingerprint = try Self.fingerprint(folder.appending(path: "host.pub").path)
    if getuid() == 0 {
      // Where sshd looks for its empty folder when it runs as root.
      try FileManager.default.createDirectory(
        atPath: "/run/sshd", withIntermediateDirectories: true)
    }
    port = try freePort()
    // A home of its own, so that no start-up file of the user's shell is run, or killed half way.
    let variables = (["HOME=\(folder.path)"] + environment).joined(separator: " ")
    try Data(
      """
      ListenAddress 0.0.0.0:\(port)
      HostKey \(folder.path)/host
      AuthorizedKeysFile \(folder.path)/authorized
      PidFile none
      StrictModes no
      UsePAM no
      PermitRootLogin yes
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      MaxStartups 500
      MaxSessions 100
      SetEnv \(variables)
      \(settings)

      """.utf8
    ).write(to: folder.appending(path: "sshd_config"))
    process = try ChildProcess(
      Self.sshd, ["-D", "-e", "-f", folder.appending(path: "sshd_config").path],
      output: folder.appending(path: "log").path)
    try waitForListener()
  }

  /// Runs `body` beside a server that, with every process it started, is gone afterwards.
  static func run<Value>(
    hostKeyType: String = "ed25519", environment: [String] = [], settings: String = "",
    _ body: (TestServer) async throws -> Value
  ) async throws -> Value {
    let server = try TestServer(
      hostKeyType: hostKeyType, environment: environment, settings: settings)
    do {
      let value = try await body(server)
      server.stop()
      return value
    } catch {
      server.stop()
      throw error
    }
  }

  var identity: String { folder.appending(path: "user").path }
  var knownHosts: KnownHosts { KnownHosts(path: folder.appending(path: "known_hosts").path) }

  var endpoint: Endpoint {
    Endpoint(host: "127.0.0.1", port: port, user: NSUserName(), identities: [identity])
  }

  /// Long enough for a machine that is busy with other tests.
  static let patience = Timeouts(connect: .seconds(120), idle: .seconds(120))

  func options(
    hostKeys: HostKeyPolicy? = nil, timeouts: Timeouts = patience,
    configuration: SSHOptions.Configuration = .none, keyAgent: SSHOptions.KeyAgent = .none
  ) -> SSHOptions {
    SSHOptions(
      hostKeys: hostKeys ?? .pinned(hostKeyFingerprint), timeouts: timeouts,
      configuration: configuration, keyAgent: keyAgent, usesDefaultIdentities: false)
  }

  func connect(timeouts: Timeouts = patience) async throws -> SSHSession {
    try await SSHSession.connect(to: endpoint, options: options(timeouts: timeouts))
  }

  /// Sends a signal to what serves the present sessions, not to the listener.
  func signalSessions(_ signal: Int32) {
    for process in descendants(of: process.id) { kill(process, signal) }
  }

  /// How many processes serve sessions now.
  var sessionProcesses: Int { descendants(of: process.id).count }

  func makeKey(_ name: String, passphrase: String = "") throws -> String {
    let path = folder.appending(path: name).path
    try Self.makeKey(path, passphrase: passphrase)
    return path
  }

  private func stop() {
    process.end()
    try? FileManager.default.removeItem(at: folder)
  }

  private func waitForListener() throws {
    for _ in 0..<400 {
      if canConnect(port: port) { return }
      usleep(25_000)
    }
    let log = try String(contentsOf: folder.appending(path: "log"), encoding: .utf8)
    stop()
    throw ServerDidNotStart(log: log)
  }

  struct ServerDidNotStart: Error { var log: String }

  private static func makeKey(
    _ path: String, type: String = "ed25519", passphrase: String = ""
  ) throws {
    _ = try output(
      of: "/usr/bin/ssh-keygen",
      ["-q", "-t", type, "-N", passphrase, "-C", "test", "-f", path])
  }

  static func fingerprint(_ path: String) throws -> String {
    let words = try output(of: "/usr/bin/ssh-keygen", ["-lf", path]).split(separator: " ")
    return String(words[1])
  }
}
