import Foundation
import SSH
import Testing

@Suite(.serialized) struct AuthenticationTests {
  /// Connects with these identities and gives the failure.
  private func failure(
    _ server: TestServer, identities: [String], keyAgent: SSHOptions.KeyAgent = .none
  ) async throws -> (SSHError, SSHError.AuthenticationFailure) {
    var endpoint = server.endpoint
    endpoint.identities = identities
    do throws(SSHError) {
      _ = try await SSHSession.connect(
        to: endpoint, options: server.options(keyAgent: keyAgent))
    } catch {
      guard case .authentication(let failure) = error.problem else { throw error }
      return (error, failure)
    }
    throw LoggedIn()
  }

  private struct LoggedIn: Error {}

  @Test func aWrongKeyIsNamedWithWhatTheDeviceOffers() async throws {
    try await TestServer.run { server in
      let wrong = try server.makeKey("wrong")
      let (error, failure) = try await failure(server, identities: [wrong, "/no/such/key"])
      #expect(failure.offered == ["publickey"])
      #expect(failure.tried.map(\.source) == [wrong, "/no/such/key"])
      #expect(failure.tried.map(\.outcome) == ["refused", "no such file"])
      #expect(error.description.contains(wrong))
    }
  }

  @Test func aKeyWithPassphraseIsTold() async throws {
    try await TestServer.run { server in
      let key = try server.makeKey("locked", passphrase: "secret")
      let (_, failure) = try await failure(server, identities: [key])
      #expect(failure.tried[0].outcome.contains("ssh-add \(key)"))
    }
  }

  @Test func aPublicKeyInsteadOfThePrivateOneIsTold() async throws {
    try await TestServer.run { server in
      let (_, failure) = try await failure(server, identities: [server.identity + ".pub"])
      #expect(failure.tried[0].outcome.contains("is it the .pub file?"))
    }
  }

  @Test func afterTooManyKeysTheTriedOnesAreStillNamed() async throws {
    try await TestServer.run(settings: "MaxAuthTries 2") { server in
      let keys = try (0..<4).map { try server.makeKey("wrong\($0)") }
      let (_, failure) = try await failure(server, identities: keys)
      #expect(failure.tried.first?.source == keys[0])
    }
  }

  @Test func theSecondIdentityLogsIn() async throws {
    try await TestServer.run { server in
      var endpoint = server.endpoint
      endpoint.identities = [try server.makeKey("wrong"), server.identity]
      let session = try await SSHSession.connect(to: endpoint, options: server.options())
      #expect(try await session.run("echo in").text.description == "in")
      await session.close()
    }
  }

  @Test func anAgentLogsInAndIsNamedWhenItCannot() async throws {
    try await TestServer.run { server in
      let socket = server.folder.appending(path: "agent").path
      let agent = try ChildProcess("/usr/bin/ssh-agent", ["-D", "-a", socket])
      defer { agent.end() }
      while !FileManager.default.fileExists(atPath: socket) { usleep(10_000) }
      func add(_ key: String) throws {
        _ = try output(
          of: "/usr/bin/env", ["SSH_AUTH_SOCK=\(socket)", "/usr/bin/ssh-add", "-q", key])
      }

      try add(try server.makeKey("wrong"))
      let (_, failure) = try await failure(server, identities: [], keyAgent: .socket(socket))
      #expect(failure.tried.map(\.source) == ["ssh-agent at \(socket)"])

      try add(server.identity)
      var endpoint = server.endpoint
      endpoint.identities = []
      let session = try await SSHSession.connect(
        to: endpoint, options: server.options(keyAgent: .socket(socket)))
      #expect(try await session.run("echo in").text.description == "in")
      await session.close()
    }
  }
}
