import AgentProtocol
import Encoding
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

  /// An agent from before a request was thought of cannot read it, and says so.
  @Test func anAgentThatIsOlderThanARequestIsToBeUpdated() async throws {
    func octal(_ bytes: [UInt8]) -> String {
      let digits = bytes.map { "\\" + String(512 + Int($0), radix: 8).dropFirst() }
      return "printf '\(digits.joined())'"
    }
    let facts = Facts(
      installation: String(repeating: "0", count: 32), agentVersion: "0.0.9",
      architecture: "armv6l", board: "", serial: "", core: "arm1176", coreCount: 1, isaFlags: [],
      deviceClass: "armv6", memory: 0, operatingSystem: "", kernel: "", freeDisk: 0)
    let variant = SHA256.digest(of: [1])
    let greeting = try Frame(id: 1, payload: Request.hello(protocolVersion: 1)).encoded()
    let question = try Frame(
      id: 2, payload: Request.profile(variant: variant, runs: 1, milliseconds: 1)
    ).encoded()
    let answers = [
      try Frame(id: 1, payload: Response.hello(facts, protocolVersion: 1)).encoded(),
      try Frame(
        id: 2, payload: Response.refused(Refusal(.malformed, "unknown kind 14 in [1]"))
      ).encoded(),
    ]
    let command = """
      head -c \(greeting.count) > /dev/null; \(octal(answers[0])); \
      head -c \(question.count) > /dev/null; \(octal(answers[1])); cat > /dev/null
      """
    try await TestServer.run { server in
      let session = try await server.connect()
      let agent = try await AgentConnection.open(over: session, command: command)
      let error = await #expect(throws: AgentError.self) {
        try await agent.profile(variant, runs: 1, milliseconds: 1)
      }
      #expect(error?.problem == .unsupportedRequest("profile", version: "0.0.9"))
      #expect(error?.description.contains("`bramble agent install`") == true)
      await session.close()
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
