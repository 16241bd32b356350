import ArgumentParser

struct TelemetryShow: Command {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what was measured, per device: latency, misses, accuracy, memory.",
    discussion: """
      Reads the store alone; run 'bramble telemetry collect' first. Latency is request to answer.

        bramble telemetry show
        bramble telemetry show tag:kitchen --since 1h -o json
      """)

  @Argument(help: "Which devices.")
  var selector = "all"

  @Option(
    help: ArgumentHelp(
      "Only what was measured since: 1h, 7d, 2026-03-01 or 2026-03-01T12:00:00Z.",
      valueName: "time"))
  var since: Since?

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
