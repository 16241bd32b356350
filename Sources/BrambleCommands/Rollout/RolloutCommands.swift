import ArgumentParser

struct RolloutCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollout",
    abstract: "Bring a variant to devices step by step, and take it back by itself.",
    subcommands: [
      RolloutStart.self, RolloutStatus.self, RolloutWatch.self, RolloutList.self,
      RolloutResume.self, RolloutRollback.self,
    ])
}
