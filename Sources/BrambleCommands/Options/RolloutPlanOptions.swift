import ArgumentParser

/// Which devices change, in what order, and what they must hold to.
struct RolloutPlanOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Which devices change.", valueName: "selector"))
  var to = "all"

  @Option(
    help: ArgumentHelp("The first wave: a number of devices or a share.", valueName: "n|n%"))
  var canary = Portion.devices(1)

  @Option(
    help: ArgumentHelp("Each later wave: a number of devices or a share.", valueName: "n|n%"))
  var wave = Portion.percent(50)

  @Option(
    help: ArgumentHelp(
      "The time a prediction may take, request to answer; without it, the variant's own.",
      valueName: "time"))
  var budget: Span?

  @Option(
    help: ArgumentHelp(
      "The lowest share of probe windows that must be right on every device, 0 to 1.",
      valueName: "share"))
  var minAccuracy = 0.0

  func validate() throws {
    guard (0...1).contains(minAccuracy) else {
      throw ValidationError("--min-accuracy takes a share from 0 to 1, not \(minAccuracy).")
    }
  }
}
