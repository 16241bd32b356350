import ArgumentParser

struct TelemetryCollect: Command {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "Fetch the devices' journals into the store.",
    discussion: """
      What is stored is acknowledged, so that the device may drop it; what was fetched twice is
      stored once. Exit status 4 when some device could not be reached.

        bramble telemetry collect
        bramble telemetry collect tag:kitchen
      """)

  @Argument(help: "Which devices.")
  var selector = "all"

  @OptionGroup var fleet: FleetOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
