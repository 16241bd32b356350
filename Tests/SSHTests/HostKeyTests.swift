import Foundation
import SSH
import Testing

@Suite(.serialized) struct HostKeyTests {
  @Test func anUnknownKeyIsRefusedAndShown() async throws {
    try await TestServer.run { server in
      let options = server.options(hostKeys: .known(server.knownHosts))
      do throws(SSHError) {
        _ = try await SSHSession.connect(to: server.endpoint, options: options)
        Issue.record("an unknown host key was trusted")
      } catch {
        guard case .hostKey(.unknown(let offered, let file)) = error.problem else { throw error }
        #expect(offered.fingerprint == server.hostKeyFingerprint)
        #expect(file == server.knownHosts.path)
        #expect(error.description.contains(server.hostKeyFingerprint))
      }
    }
  }

  @Test func acceptingNewKeysRecordsThemOnceAndLeavesOtherLinesAlone() async throws {
    try await TestServer.run { server in
      let path = server.knownHosts.path
      let before = "# ours\nold.example ssh-ed25519 not-a-key\n\n@revoked * broken"
      try before.write(toFile: path, atomically: true, encoding: .utf8)
      let accepting = server.options(hostKeys: .acceptNew(server.knownHosts))
      for _ in 0..<2 {
        try await SSHSession.connect(to: server.endpoint, options: accepting).close()
      }
      let after = try String(contentsOfFile: path, encoding: .utf8)
      let key = try String(contentsOf: server.folder.appending(path: "host.pub"), encoding: .utf8)
        .split(separator: " ")
      #expect(after == before + "\n[127.0.0.1]:\(server.port) \(key[0]) \(key[1])\n")
      // OpenSSH reads what we wrote.
      #expect(
        try output(
          of: "/usr/bin/ssh-keygen", ["-F", "[127.0.0.1]:\(server.port)", "-f", path]
        ).contains(key[1]))
      let known = server.options(hostKeys: .known(server.knownHosts))
      try await SSHSession.connect(to: server.endpoint, options: known).close()
    }
  }

  @Test(arguments: [false, true]) func aChangedKeyIsRefused(acceptsNew: Bool) async throws {
    try await TestServer.run { server in
      let other = try server.makeKey("other")
      let key = try String(contentsOfFile: other + ".pub", encoding: .utf8).split(separator: " ")
      let line = "[127.0.0.1]:\(server.port) \(key[0]) \(key[1])\n"
      try ("# first\n" + line).write(
        toFile: server.knownHosts.path, atomically: true, encoding: .utf8)
      let policy: HostKeyPolicy =
        acceptsNew ? .acceptNew(server.knownHosts) : .known(server.knownHosts)
      let expected = try TestServer.fingerprint(other + ".pub")
      do throws(SSHError) {
        _ = try await SSHSession.connect(
          to: server.endpoint, options: server.options(hostKeys: policy))
        Issue.record("a changed host key was trusted")
      } catch {
        guard case .hostKey(.changed(let offered, let known, _, 2)) = error.problem else {
          throw error
        }
        #expect(offered.fingerprint == server.hostKeyFingerprint)
        #expect(known.map(\.fingerprint) == [expected])
      }
      #expect(
        try String(contentsOfFile: server.knownHosts.path, encoding: .utf8) == "# first\n" + line)
      // Once the old key is forgotten, the device counts as new.
      #expect(try server.knownHosts.forget(host: "127.0.0.1", port: server.port) == 1)
      try await SSHSession.connect(
        to: server.endpoint, options: server.options(hostKeys: .acceptNew(server.knownHosts))
      ).close()
    }
  }

  @Test func hashedAndRevokedLinesCount() async throws {
    try await TestServer.run { server in
      let path = server.knownHosts.path
      let accepting = server.options(hostKeys: .acceptNew(server.knownHosts))
      try await SSHSession.connect(to: server.endpoint, options: accepting).close()
      _ = try output(of: "/usr/bin/ssh-keygen", ["-H", "-f", path])
      #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("|1|"))
      let known = server.options(hostKeys: .known(server.knownHosts))
      try await SSHSession.connect(to: server.endpoint, options: known).close()

      let key = try String(contentsOf: server.folder.appending(path: "host.pub"), encoding: .utf8)
      let handle = try FileHandle(forWritingTo: URL(filePath: path))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("@revoked * \(key)".utf8))
      await expectProblem(where: {
        if case .hostKey(.revoked(_, path, 2)) = $0 { true } else { false }
      }) {
        try await SSHSession.connect(to: server.endpoint, options: known)
      }
    }
  }

  @Test func aPinIsHeldTo() async throws {
    try await TestServer.run { server in
      let wrong = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      await expectProblem(where: {
        if case .hostKey(.pinMismatch(_, wrong)) = $0 { true } else { false }
      }) {
        try await SSHSession.connect(
          to: server.endpoint, options: server.options(hostKeys: .pinned(wrong)))
      }
      let right = HostKeyPolicy.pinned(server.hostKeyFingerprint, recordIn: server.knownHosts)
      try await SSHSession.connect(
        to: server.endpoint, options: server.options(hostKeys: right)
      ).close()
      try await SSHSession.connect(
        to: server.endpoint, options: server.options(hostKeys: .known(server.knownHosts))
      ).close()
    }
  }

  @Test func manyWritersLoseNoLine() async throws {
    try await TestServer.run { server in
      // As many names for one server, so that each session adds a line of its own.
      let accepting = server.options(hostKeys: .acceptNew(server.knownHosts))
      let hosts = (1...24).map { "127.0.0.\($0)" }
      let results = await Fanout(forks: 24).run(over: hosts) { host in
        var endpoint = server.endpoint
        endpoint.host = host
        try await SSHSession.connect(to: endpoint, options: accepting).close()
      }
      for result in results { try result.get() }
      let lines = try String(contentsOfFile: server.knownHosts.path, encoding: .utf8)
        .split(separator: "\n")
      #expect(
        Set(lines.compactMap { $0.split(separator: " ").first.map(String.init) })
          == Set(hosts.map { "[\($0)]:\(server.port)" }))
    }
  }

  @Test(arguments: ["ecdsa", "rsa"]) func otherTypesOfKeysAreRecordedAndKnown(
    type: String
  ) async throws {
    try await TestServer.run(hostKeyType: type) { server in
      for policy in [HostKeyPolicy.acceptNew(server.knownHosts), .known(server.knownHosts)] {
        let session = try await SSHSession.connect(
          to: server.endpoint, options: server.options(hostKeys: policy))
        #expect(await session.hostKey?.fingerprint == server.hostKeyFingerprint)
        await session.close()
      }
      let line = try String(contentsOfFile: server.knownHosts.path, encoding: .utf8)
      let key = try String(contentsOf: server.folder.appending(path: "host.pub"), encoding: .utf8)
        .split(separator: " ")
      #expect(line.contains(" \(key[0]) \(key[1])"))
    }
  }
}
