import Foundation
import Synchronization

/// Shows that long work is going on: one line that is redrawn on a terminal, now and then a plain
/// line elsewhere.
final class ProgressLine: Sendable {
  private struct State {
    var lastShown: ContinuousClock.Instant?
    var lastText = ""
    var isDrawn = false
  }

  private let terminal: Terminal
  private let interval: Duration
  private let state = Mutex(State())

  init(_ terminal: Terminal) {
    self.terminal = terminal
    interval = terminal.isInteractive ? .milliseconds(80) : .seconds(3)
  }

  /// Shows `text` in place of what stood there; skipped when the last one was shown just now.
  func update(_ text: String) {
    state.withLock { state in
      let now = ContinuousClock.now
      if let last = state.lastShown, now - last < interval { return }
      if text == state.lastText && state.lastShown != nil && !terminal.isInteractive { return }
      state.lastShown = now
      state.lastText = text
      if terminal.isInteractive {
        terminal.diagnostics("\r\u{1B}[2K" + String(text.prefix(max(terminal.width - 1, 20))))
        state.isDrawn = true
      } else {
        terminal.note(text)
      }
    }
  }

  /// Writes a line that stays.
  func note(_ text: String) {
    state.withLock { state in
      clear(&state)
      terminal.note(text)
    }
  }

  /// Removes the live line; plain lines stay.
  func finish() { state.withLock { clear(&$0) } }

  private func clear(_ state: inout State) {
    guard state.isDrawn else { return }
    terminal.diagnostics("\r\u{1B}[2K")
    state.isDrawn = false
    state.lastShown = nil
  }
}
