import Synchronization

@testable import BrambleCommands

private final class Collected: Sendable {
  let text = Mutex("")
}

/// What a progress line writes where nothing can be redrawn.
func withProgress(_ body: (ProgressLine) async -> Void) async -> String {
  let collected = Collected()
  let terminal = Terminal(
    isInteractive: false, width: 80, output: { _ in },
    diagnostics: { text in collected.text.withLock { $0 += text } }, answer: { nil })
  await body(ProgressLine(terminal))
  return collected.text.withLock { $0 }
}
