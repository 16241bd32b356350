import ArgumentParser

/// A command that does its work on a terminal and says how it ended.
protocol Command: ParsableCommand {
  func run(on terminal: Terminal) async throws -> ExitStatus
}

/// The program, from its arguments to its exit status.
public enum BrambleProgram {
  /// Parses `arguments` (without the program's name), runs the command and returns what to exit with.
  public static func run(_ arguments: [String], on terminal: Terminal = .standard) async
    -> ExitStatus
  {
    let parsed: any ParsableCommand
    do {
      parsed = try Bramble.parseAsRoot(arguments)
    } catch {
      return explain(error, on: terminal)
    }
    guard let command = parsed as? any Command else { return showHelp(of: parsed, on: terminal) }
    do {
      return try await command.run(on: terminal)
    } catch {
      return ErrorReport(of: error).show(on: terminal)
    }
  }

  /// What is not a ``Command`` is a group of them or the parser's own `help`; both throw their text.
  private static func showHelp(of parsed: any ParsableCommand, on terminal: Terminal) -> ExitStatus
  {
    var parsed = parsed
    do {
      try parsed.run()
      return .success
    } catch {
      return explain(error, on: terminal)
    }
  }

  /// Help goes to the results, a mistake in the arguments to the diagnostics.
  private static func explain(_ error: any Error, on terminal: Terminal) -> ExitStatus {
    let text = Bramble.fullMessage(for: error, columns: min(terminal.width, 100))
    guard Bramble.exitCode(for: error).isSuccess else {
      terminal.note(text)
      return .usage
    }
    terminal.print(text)
    return .success
  }
}
