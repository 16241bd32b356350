import ArgumentParser

/// The root of the command tree.
struct Bramble: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bramble",
    abstract: "Small neural networks, shipped to many Raspberry Pis, measured there, taken back.",
    discussion: """
      A workspace is a folder with the devices (Inventory/) and the state (.bramble/).

        bramble init farm && cd farm
        bramble device add pi-01 pi@192.0.2.11 --tag kitchen --accept-new-host-key
        bramble agent install
        bramble model add motion.tflite --name motion --labels walking,stairs,rest
        bramble compress motion --recipe dynamic-int8 --evaluate test.npz
        bramble rollout start motion@dynamic-int8 --canary 1

      A selector is 'all', names, tags (tag:kitchen) or facts (arch:aarch64), joined by ',';
      '!' before one takes it away: 'tag:kitchen,!pi-03'.

      A variant is named 'model@recipe', or by at least four digits of its digest.

      Exit status: 0 done or promoted, 1 error, 2 usage, 3 rolled back, 4 partial or unreachable,
      5 inconclusive, 6 integrity or host key, 130 interrupted.
      """,
    version: "0.1.0",
    subcommands: [
      Init.self, DeviceCommands.self, AgentCommands.self, ModelCommands.self, Compress.self,
      Predict.self, Profile.self, RolloutCommands.self, TelemetryCommands.self,
    ])

  @OptionGroup var workspace: WorkspaceOptions
}
