import Foundation
import SSH
import Testing

@Suite(.serialized) struct SessionTests {
  @Test func runsACommandWithAllItsStreams() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      let result = try await session.run(
        "tr a-z A-Z; echo trouble >&2; exit 7", input: Array("hello".utf8))
      #expect(result.text.description == "HELLO")
      #expect(result.errorText.description == "trouble")
      #expect(result.status == .exited(7))
      await session.close()
    }
  }

  @Test func manyCommandsShareOneSession() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      let results = await Fanout(forks: 16).run(over: Array(0..<48)) { number in
        try await session.run("sleep 0.0\(number % 7); echo \(number)").text.description
      }
      let texts = try results.map { try $0.get() }
      #expect(texts == (0..<48).map(String.init))
      await session.close()
    }
  }

  @Test func aLargeTransferComesBackWhole() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      var bytes = [UInt8](repeating: 0, count: 12 << 20)
      for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index &* 31 >> 3) }
      let result = try await session.run("cat", input: bytes, outputLimit: bytes.count)
      #expect(result.output == bytes)
      await session.close()
    }
  }

  @Test func streamsCanBeReadAndWrittenInTurns() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      let stream = try await session.open("while read -r line; do echo \"got $line\"; done")
      for word in ["one", "two", "three"] {
        try await stream.write(Array("\(word)\n".utf8))
        let answer = try #require(try await stream.read())
        #expect(DeviceText(answer).description == "got \(word)")
      }
      try await stream.finishInput()
      #expect(try await stream.read() == nil)
      #expect(try await stream.exitStatus() == .exited(0))
      await stream.close()
      await session.close()
    }
  }

  @Test func aCommandThatReadsNothingStillEnds() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      let result = try await session.run(
        "echo no thanks", input: [UInt8](repeating: 1, count: 8 << 20))
      #expect(result.text.description == "no thanks")
      await session.close()
    }
  }

  @Test func aKilledCommandHasNoExitStatus() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      #expect(try await session.run("kill -9 $$").status == .unknown)
      await session.close()
    }
  }

  @Test func fortySessionsAtOnce() async throws {
    try await TestServer.run { server in
      let results = await Fanout(forks: 40).run(over: Array(0..<40)) { number in
        let session = try await server.connect()
        let text = try await session.run("echo \(number)").text.description
        await session.close()
        return text
      }
      let texts = try results.map { try $0.get() }
      #expect(texts == (0..<40).map(String.init))
    }
  }

  @Test func aHostAliasOfTheConfigurationLeadsToTheDevice() async throws {
    try await TestServer.run { server in
      let file = server.folder.appending(path: "config").path
      try """
      Host pi-kitchen
        HostName 127.0.0.1
        Port \(server.port)
        User \(NSUserName())
        IdentityFile \(server.identity)

      """.write(toFile: file, atomically: true, encoding: .utf8)
      var options = server.options(configuration: .file(file))
      options.usesDefaultIdentities = true
      let session = try await SSHSession.connect(to: Endpoint(host: "pi-kitchen"), options: options)
      #expect(await session.address == "\(NSUserName())@127.0.0.1:\(server.port)")
      #expect(try await session.run("echo in").text.description == "in")
      await session.close()
    }
  }

  @Test func aClosedSessionSaysSo() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      await session.close()
      await expectProblem(where: { $0 == .closed }) { try await session.run("true") }
    }
  }

  @Test(arguments: [true, false]) func theConnectionEndsWithTheSession(isClosed: Bool) async throws
  {
    try await TestServer.run { server in
      var session: SSHSession? = try await server.connect()
      #expect(try await session?.run("echo in").text.description == "in")
      #expect(server.sessionProcesses > 0)
      if isClosed { await session?.close() }
      let kept = isClosed ? session : nil
      session = nil
      var looks = 0
      while server.sessionProcesses > 0, looks < 300 {
        try await Task.sleep(for: .milliseconds(100))
        looks += 1
      }
      #expect(server.sessionProcesses == 0)
      _ = kept
    }
  }

  @Test func aProxyCommandLeadsToTheDevice() async throws {
    try await TestServer.run { server in
      let file = server.folder.appending(path: "config").path
      try """
      Host behind
        HostName 127.0.0.1
        Port \(server.port)
        User \(NSUserName())
        ProxyCommand /usr/bin/ssh -F none -i \(server.identity) -o IdentitiesOnly=yes -o \
      StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -p \(server.port) -W %h:%p \
      \(NSUserName())@127.0.0.1

      """.write(toFile: file, atomically: true, encoding: .utf8)
      let session = try await SSHSession.connect(
        to: Endpoint(host: "behind", identities: [server.identity]),
        options: server.options(configuration: .file(file)))
      let sent = [UInt8](repeating: 5, count: 1 << 20)
      #expect(try await session.run("cat", input: sent, outputLimit: 1 << 20).output == sent)
      await session.close()
    }
  }
}
