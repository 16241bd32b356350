import ArgumentParser

struct AgentCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent", abstract: "Put the agent on devices and ask how it stands.",
    subcommands: [AgentInstall.self, AgentStatus.self])
}
