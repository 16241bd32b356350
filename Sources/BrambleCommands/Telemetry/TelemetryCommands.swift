import ArgumentParser

struct TelemetryCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "telemetry", abstract: "Fetch what the devices measured, and read it.",
    subcommands: [TelemetryCollect.self, TelemetryShow.self])
}
