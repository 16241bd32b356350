import AgentProtocol
import Encoding
import SSH
import Store
import Testing

@testable import BrambleCommands

/// What each kind of error means for the shell.
@Suite struct ErrorStatusTests {
  private func agent(_ problem: AgentError.Problem) -> AgentError {
    AgentError(address: "pi@pi-01", problem: problem)
  }
  private func refused(_ reason: Refusal.Reason) -> AgentError {
    agent(.refused(Refusal(reason, "no")))
  }
  private let digest = SHA256.digest(of: [UInt8]())

  @Test func errorsHaveTheDocumentedStatus() throws {
    let known: [(any Error, BrambleCommands.ExitStatus)] = [
      (SSHError(address: "a", problem: .unreachable("refused")), .partial),
      (SSHError(address: "a", problem: .timedOut(.connect(.seconds(1)))), .partial),
      (SSHError(address: "a", problem: .cancelled), .interrupted),
      (agent(.ssh(.disconnected("gone"))), .partial),
      (agent(.notInstalled), .failure),
      (refused(.diskFull), .failure),
      (refused(.damagedObject), .integrity),
      (ObjectError.damaged(digest, path: "x"), .integrity),
      (ObjectError.missing(digest), .failure),
      (StoreError.unknown("variant x"), .failure),
      (CancellationError(), .interrupted),
      (Failure("no", status: .usage), .usage),
    ]
    for (error, status) in known {
      #expect(ErrorReport(of: error).status == status, "\(error)")
    }
  }

  @Test func theGravestOfSeveralCounts() {
    func problem(_ status: BrambleCommands.ExitStatus) -> DeviceProblem {
      DeviceProblem(Failure("x", status: status))
    }
    typealias Status = BrambleCommands.ExitStatus
    #expect(Status.gravest(of: []) == .success)
    #expect(Status.gravest(of: [problem(.partial)]) == .partial)
    #expect(Status.gravest(of: [problem(.partial), problem(.failure)]) == .failure)
    #expect(Status.gravest(of: [problem(.failure), problem(.integrity)]) == .integrity)
    #expect(Status.gravest(of: [problem(.usage)]) == .failure)
  }

  @Test func errorsReachTheTerminalWithTheirText() async {
    let transcript = await Transcript.of("device list --workspace /nonexistent")
    #expect(transcript.status == .failure)
    #expect(transcript.diagnostics.hasPrefix("Error: "))
    #expect(transcript.diagnostics.contains("bramble init"))
  }
}
