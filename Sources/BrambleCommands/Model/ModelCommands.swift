import ArgumentParser

struct ModelCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Bring in networks and look at them.",
    subcommands: [ModelAdd.self, ModelList.self, ModelShow.self])
}
