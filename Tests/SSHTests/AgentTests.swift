import AgentProtocol
import Encoding
import Foundation
import SSH
import Testing

private func bytes(_ count: Int, seed: UInt32 = 1) -> [UInt8] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return UInt8(truncatingIfNeeded: state >> 24)
  }
}

private func object(_ count: Int) -> UploadObject {
  let bytes = bytes(count)
  return UploadObject(digest: SHA256.digest(of: bytes), bytes: bytes)
}

@Suite(
  .serialized,
  .enabled(if: TestAgent.isBuilt, "no agent for this machine in Agents/build: make agents"))
struct AgentTests {
  @Test func installingTwiceKeepsTheInstallation() async throws {
    try await TestAgent.run { agent in
      #expect(agent.installation.root == agent.root)
      let connection = try await agent.connect()
      #expect(connection.facts.installation == agent.installation.identifier)
      #expect(connection.facts.architecture == agent.installation.machine)
      #expect(try await connection.status().phase == .empty)

      let again = try await AgentInstaller(binaries: TestAgent.binaries)
        .install(over: connection.session)
      #expect(again == agent.installation)
      let left = try await connection.session.run("ls -A \"$HOME\" | grep '^.bramble-agent-'")
      #expect(left.text.isEmpty)
      await connection.closeSession()
    }
  }

  @Test func aDaemonThatDoesNotRunIsTold() async throws {
    try await TestAgent.run { agent in
      let session = try await agent.server.connect()
      _ = try await session.run("\(agent.root)/bin/bramble-agent stop")
      do throws(AgentError) {
        _ = try await AgentConnection.open(over: session)
        Issue.record("an agent answered without its daemon")
      } catch {
        guard case .daemonNotRunning = error.problem else { throw error }
      }
      await session.close()
    }
  }

  @Test func manyRequestsAtOnceEachGetTheirAnswer() async throws {
    try await TestAgent.run { agent in
      let connection = try await agent.connect()
      let asked = (0..<200).map { SHA256.digest(of: [UInt8($0)]) }
      let results = await Fanout(forks: 200).run(over: asked) { digest in
        try await connection.holdings([digest])
      }
      let held = try results.map { try $0.get().map(\.object) }
      #expect(held == asked.map { [$0] })
      await connection.closeSession()
    }
  }

  @Test func aCancelledCallLeavesTheOthersAlone() async throws {
    try await TestAgent.run { agent in
      let connection = try await agent.connect()
      for _ in 0..<20 {
        await withTaskGroup(of: Void.self) { group in
          group.addTask { _ = try? await connection.status() }
          group.cancelAll()
        }
      }
      #expect(try await connection.status().phase == .empty)
      await connection.closeSession()
    }
  }

  @Test func aRefusalSaysWhatTheAgentSaid() async throws {
    try await TestAgent.run { agent in
      let connection = try await agent.connect()
      let variant = SHA256.digest(of: [1, 2, 3])
      do throws(AgentError) {
        try await connection.perform(.stage(variant: variant, epoch: Epoch(1)))
        Issue.record("a variant that is not there was staged")
      } catch {
        guard case .refused(let refusal) = error.problem else { throw error }
        #expect(refusal.reason == .unknownObject)
        #expect(!refusal.message.isEmpty)
      }
      await connection.closeSession()
    }
  }

  @Test func uploadsAreSentOnce() async throws {
    try await TestAgent.run { agent in
      let connection = try await agent.connect()
      let objects = [object(3_000_000), object(1)]
      var seen: [Int] = []
      let first = try await connection.upload(objects) { seen.append($0.held) }
      #expect(first == UploadProgress(held: 3_000_001, total: 3_000_001, found: 0))
      #expect(seen == seen.sorted() && seen.count > 10)
      let holdings = try await connection.holdings(objects.map(\.digest))
      #expect(holdings.map(\.isComplete) == [true, true])
      let second = try await connection.upload(objects)
      #expect(second == UploadProgress(held: 3_000_001, total: 3_000_001, found: 3_000_001))
      await connection.closeSession()
    }
  }

  @Test func anUploadGoesOnAfterTheServerWasKilled() async throws {
    try await TestAgent.run { agent in
      let object = object(8_000_000)
      let connection = try await agent.connect()
      do throws(AgentError) {
        try await connection.upload([object]) {
          if $0.held > 2_000_000 { agent.server.signalSessions(SIGKILL) }
        }
        Issue.record("an upload outlived its connection")
      } catch {
        switch error.problem {
        // Whichever process the signal reached first.
        case .ssh(.disconnected), .ended: break
        default: throw error
        }
      }
      await connection.closeSession()

      let next = try await agent.connect()
      let progress = try await next.upload([object])
      #expect(progress.found > 2_000_000 && progress.held == progress.total)
      #expect(try await next.holdings([object.digest])[0].isComplete)
      await next.closeSession()
    }
  }

  @Test func aHalfThatWasDamagedIsSentAgain() async throws {
    try await TestAgent.run { agent in
      let right = object(4_000_000)
      let wrong = UploadObject(digest: right.digest, bytes: bytes(4_000_000, seed: 2))
      let connection = try await agent.connect()
      await #expect(throws: AgentError.self) {
        try await connection.upload([wrong]) {
          if $0.held > 1_000_000 { agent.server.signalSessions(SIGKILL) }
        }
      }
      await connection.closeSession()

      let next = try await agent.connect()
      let progress = try await next.upload([right])
      #expect(progress.held == progress.total && progress.found == 0)
      #expect(try await next.holdings([right.digest])[0].isComplete)
      await next.closeSession()
    }
  }

  @Test func bytesThatAreNotWhatTheyAreCalledAreRefused() async throws {
    try await TestAgent.run { agent in
      let connection = try await agent.connect()
      let object = UploadObject(digest: SHA256.digest(of: [7]), bytes: bytes(300_000))
      do throws(AgentError) {
        try await connection.upload([object])
        Issue.record("a damaged object was taken")
      } catch {
        guard case .refused(let refusal) = error.problem else { throw error }
        #expect(refusal.reason == .damagedObject)
      }
      #expect(try await connection.holdings([object.digest])[0].bytes == 0)
      await connection.closeSession()
    }
  }

  @Test func aCappedUploadTakesItsTime() async throws {
    try await TestAgent.run { agent in
      let connection = try await agent.connect()
      let start = ContinuousClock.now
      let options = UploadOptions(bytesPerSecond: 1_000_000)
      try await connection.upload([object(500_000)], options: options)
      // Sleeping never ends early, so that this holds on any machine.
      #expect(ContinuousClock.now - start >= .milliseconds(450))
      await connection.closeSession()
    }
  }

  @Test func anAgentThatWasNotBuiltIsTold() async throws {
    try await TestAgent.run { agent in
      let session = try await agent.server.connect()
      let none = AgentInstaller(binaries: AgentBinaries(folder: "/no/such/folder"))
      do throws(AgentError) {
        _ = try await none.install(over: session)
        Issue.record("an agent was installed that does not exist")
      } catch {
        guard case .installation(let reason) = error.problem else { throw error }
        #expect(reason.contains("make agents"))
      }
      await session.close()
    }
  }
}
