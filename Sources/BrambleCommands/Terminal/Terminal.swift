import Foundation

/// Where a command writes and what it may ask: the process's own streams, or a test's.
public struct Terminal: Sendable {
  /// Whether standard error is a terminal, so that a line may be redrawn.
  public var isInteractive: Bool
  /// Columns that a line may take.
  public var width: Int
  /// Results go here: tables and JSON, nothing else.
  public var output: @Sendable (String) -> Void
  /// Progress, notes and errors go here.
  public var diagnostics: @Sendable (String) -> Void
  /// The operator's next line; `nil` where nobody can answer.
  public var answer: @Sendable () -> String?

  public init(
    isInteractive: Bool, width: Int, output: @escaping @Sendable (String) -> Void,
    diagnostics: @escaping @Sendable (String) -> Void, answer: @escaping @Sendable () -> String?
  ) {
    self.isInteractive = isInteractive
    self.width = width
    self.output = output
    self.diagnostics = diagnostics
    self.answer = answer
  }

  /// The process's own standard streams.
  public static var standard: Terminal {
    let mayAsk = isatty(STDIN_FILENO) == 1
    var size = winsize()
    let isSized = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return Terminal(
      isInteractive: isatty(STDERR_FILENO) == 1, width: isSized ? Int(size.ws_col) : 80,
      output: { FileHandle.standardOutput.write(Data($0.utf8)) },
      diagnostics: { FileHandle.standardError.write(Data($0.utf8)) },
      answer: { mayAsk ? readLine() : nil })
  }

  /// Writes `text` and a line end to the results.
  public func print(_ text: String) { output(text + "\n") }

  /// Writes `text` and a line end to the diagnostics.
  public func note(_ text: String) { diagnostics(text + "\n") }
}
