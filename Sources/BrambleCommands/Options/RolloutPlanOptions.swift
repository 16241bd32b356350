import ArgumentParser
import Rollout

/// Which devices change, in what order, and what they must hold to.
struct RolloutPlanOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Which devices change.", valueName: "selector"))
  var to = "all"

  @Option(
    help: ArgumentHelp("The first wave: a number of devices or a share.", valueName: "n|n%"))
  var canary = FleetShare.devices(1)

  @Option(
    help: ArgumentHelp("Each later wave: a number of devices or a share.", valueName: "n|n%"))
  var wave = FleetShare.percent(25)

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

  @Option(
    help: ArgumentHelp(
      "How far the share may lie below the previous variant's, on the same probe set.",
      valueName: "share"))
  var maxAccuracyDrop = 0.02

  @Option(
    help: ArgumentHelp(
      "How long a device may take to receive and prepare the variant.", valueName: "time"))
  var stageTime = Span(microseconds: 600_000_000)

  @Option(
    help: ArgumentHelp("How long a device's trial may last without a verdict.", valueName: "time"))
  var trialTime = Span(microseconds: 1_800_000_000)

  @Option(
    help: ArgumentHelp(
      "How long a device on trial waits for a word from here before it goes back by itself.",
      valueName: "time"))
  var deadMan = Span(microseconds: 300_000_000)

  func validate() throws {
    guard (0...1).contains(minAccuracy) else {
      throw ValidationError("--min-accuracy takes a share from 0 to 1, not \(minAccuracy).")
    }
    guard (0...1).contains(maxAccuracyDrop) else {
      throw ValidationError(
        "--max-accuracy-drop takes a share from 0 to 1, not \(maxAccuracyDrop).")
    }
    guard deadMan.microseconds >= 1_000_000 else {
      throw ValidationError("--dead-man takes 1s or more.")
    }
  }
}
