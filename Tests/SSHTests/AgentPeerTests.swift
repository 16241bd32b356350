import AgentProtocol
import Foundation
import SSH
import Testing

/// What stands on the other side is not always an agent, and not always a friend.
@Suite(.serialized) struct AgentPeerTests {
  private func problem(
    of command: String, limit: Duration? = nil
  ) async throws -> AgentError.Problem {
    try await TestServer.run { server in
      let session = try await server.connect()
      do throws(AgentError) {
        _ = try await AgentConnection.open(over: session, command: command)
      } catch {
        // Whatever it was, the session serves on.
        #expect(try await session.run("echo on").text.description == "on")
        await session.close()
        return error.problem
      }
      throw NothingThrown()
    }
  }

  private struct NothingThrown: Error {}

  @Test func noAgentIsInstalled() async throws {
    try await TestServer.run(environment: ["BRAMBLE_ROOT=/no/such"]) { server in
      let session = try await server.connect()
      let error = await #expect(throws: AgentError.self) {
        try await AgentConnection.open(over: session)
      }
      // Unless this very machine has one.
      let isHere = FileManager.default.isExecutableFile(atPath: "/usr/local/bin/bramble-agent")
      if !isHere { #expect(error?.problem == .notInstalled) }
      await session.close()
    }
  }

  @Test func aProgramThatFailsIsQuotedCleaned() async throws {
    let problem = try await problem(of: "printf 'no \\033[31mroom\\n' >&2; exit 3")
    #expect(problem == .ended(.exited(3), said: DeviceText("no \u{1b}[31mroom\n")))
    #expect(problem.description == "the agent's side ended: no \\u{1b}[31mroom")
  }

  @Test(arguments: [
    // A login message where frames should be.
    "echo Welcome to your Pi; cat",
    "cat /dev/zero",
    "cat /dev/urandom",
    // A frame of two bytes that are no message.
    "printf '\\000\\000\\000\\002\\377\\377'; cat",
    // An answer, `[99, 6, []]`, to a request that nobody made.
    "printf '\\000\\000\\000\\005\\203\\030\\143\\006\\200'; cat",
  ]) func whatIsNoAnswerIsAViolation(command: String) async throws {
    let problem = try await problem(of: command)
    guard case .protocolViolation = problem else {
      Issue.record("\(problem)")
      return
    }
  }

  @Test func aConnectionThatBreaksDuringACallIsTold() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      async let opened = AgentConnection.open(over: session, command: "sleep 1; cat > /dev/null")
      try await Task.sleep(for: .milliseconds(300))
      server.signalSessions(SIGKILL)
      do {
        _ = try await opened
        Issue.record("an agent answered that was not there")
      } catch let error as AgentError {
        guard case .ssh(.disconnected) = error.problem else { throw error }
      }
      await session.close()
    }
  }
}
