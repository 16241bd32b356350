import Foundation
import SSH
import Testing

@Suite(.serialized) struct TimeoutTests {
  @Test func aListenerThatNeverSpeaks() async throws {
    let listener = try SilentListener()
    let allowed = Duration.milliseconds(300)
    await expectProblem(where: { $0 == .timedOut(.connect(allowed)) }) {
      try await SSHSession.connect(
        to: Endpoint(host: "127.0.0.1", port: listener.port, user: "pi"),
        options: SSHOptions(
          hostKeys: .pinned("SHA256:none"), timeouts: Timeouts(connect: allowed),
          configuration: .none))
    }
  }

  @Test func nobodyListens() async throws {
    let port = try freePort()
    await expectProblem(where: { if case .unreachable = $0 { true } else { false } }) {
      try await SSHSession.connect(
        to: Endpoint(host: "127.0.0.1", port: port, user: "pi"),
        options: SSHOptions(hostKeys: .pinned("SHA256:none"), configuration: .none))
    }
  }

  @Test func aNameWithoutAddress() async throws {
    await expectProblem(where: { if case .notResolved = $0 { true } else { false } }) {
      try await SSHSession.connect(
        to: Endpoint(host: "no-such-device.invalid", user: "pi"),
        options: SSHOptions(hostKeys: .pinned("SHA256:none"), configuration: .none))
    }
  }

  @Test func aDeviceThatFallsSilentIsIdle() async throws {
    try await TestServer.run { server in
      let allowed = Duration.seconds(3)
      let session = try await server.connect(
        timeouts: Timeouts(connect: .seconds(120), idle: allowed))
      let stream = try await session.open("echo here; cat")
      _ = try await stream.read()
      server.signalSessions(SIGSTOP)
      await expectProblem(where: { $0 == .timedOut(.idle(allowed)) }) { try await stream.read() }
    }
  }

  @Test func aQuietCommandIsNotIdle() async throws {
    try await TestServer.run { server in
      let session = try await server.connect(
        timeouts: Timeouts(connect: .seconds(120), idle: .seconds(3)))
      #expect(try await session.run("sleep 7; echo done").text.description == "done")
      await session.close()
    }
  }

  @Test func aCommandThatTakesTooLongIsEnded() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      let allowed = Duration.milliseconds(300)
      await expectProblem(where: { $0 == .timedOut(.total(allowed)) }) {
        try await session.run("echo begun; sleep 60", total: allowed)
      }
      // The session outlives the command.
      #expect(try await session.run("echo on").text.description == "on")
      await session.close()
    }
  }

  @Test func cancellationEndsTheWaiting() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      let stream = try await session.open("echo begun; sleep 60")
      _ = try await stream.read()
      await expectProblem(where: { $0 == .cancelled }) {
        try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
          group.addTask { try await stream.read() }
          group.cancelAll()
          return try await group.next()
        }
      }
      await session.close()
    }
  }

  @Test func aServerKilledInMidTransfer() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      let stream = try await session.open("cat > /dev/null")
      try await stream.write([UInt8](repeating: 7, count: 1 << 20))
      server.signalSessions(SIGKILL)
      await expectProblem(where: { if case .disconnected = $0 { true } else { false } }) {
        for _ in 0..<64 { try await stream.write([UInt8](repeating: 7, count: 1 << 20)) }
      }
      await session.close()
    }
  }
}
