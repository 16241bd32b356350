import Synchronization

@testable import BrambleCommands

/// Runs the program in this process and keeps what it wrote.
struct Transcript: Sendable {
  var status: ExitStatus
  var output: String
  var diagnostics: String

  private final class Streams: Sendable {
    let output = Mutex("")
    let diagnostics = Mutex("")
  }

  /// `answers` is what the operator types, line by line; without it nobody can answer.
  static func of(_ arguments: [String], answers: [String] = []) async -> Transcript {
    let streams = Streams()
    let remaining = Mutex(answers)
    let terminal = Terminal(
      isInteractive: false, width: 100,
      output: { text in streams.output.withLock { $0 += text } },
      diagnostics: { text in streams.diagnostics.withLock { $0 += text } },
      answer: { remaining.withLock { $0.isEmpty ? nil : $0.removeFirst() } })
    let status = await BrambleProgram.run(arguments, on: terminal)
    return Transcript(
      status: status, output: streams.output.withLock { $0 },
      diagnostics: streams.diagnostics.withLock { $0 })
  }

  static func of(_ line: String) async -> Transcript {
    await of(line.split(separator: " ").map(String.init))
  }
}
