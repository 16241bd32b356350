import ArgumentParser

struct RolloutStart: Command {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Bring a variant to devices: canary first, then waves, each behind a gate.",
    discussion: """
      On every device the variant runs on trial: its probe set is predicted at least 300 times
      after activation. Too many predictions beyond the budget, accuracy under the floor or below
      the previous variant's, failures, or missing data break the gate, and every device that was
      touched goes back to its previous variant (exit status 3). A rollout that was interrupted
      goes on where it was when it is started or resumed again.

        bramble rollout start motion@dynamic-int8 --canary 1 --wave 25%
        bramble rollout start motion@dynamic-int8 --to tag:kitchen --min-accuracy 0.95
        bramble rollout start motion@float16 --dry-run
      """)

  @Argument(help: "The variant: model@recipe or a digest's first digits.")
  var variant: String

  @OptionGroup var plan: RolloutPlanOptions
  @OptionGroup var fleet: FleetOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  @Flag(name: .shortAndLong, help: "Do not ask before devices change.")
  var yes = false

  @Flag(name: [.customLong("dry-run"), .customLong("check")], help: "Show the plan and stop.")
  var dryRun = false

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
