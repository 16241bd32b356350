import ArgumentParser
import AgentProtocol
import Encoding
import Foundation
import Inventory
import Reports
import Store

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

  @Option(
    help: ArgumentHelp("The time that a prediction may take: more is a miss.", valueName: "time"))
  var budget = Span(microseconds: 1_000_000)

  @Option(
    help: ArgumentHelp(
      "Only what this variant did: model@recipe or a digest's first digits.", valueName: "variant"))
  var variant: String?

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let facts = try workbench.store.allFacts()
    let devices = try workbench.someDevices(selector).compactMap { device in
      facts[device.name].map { DeviceKey(name: device.name, installation: $0.facts.installation) }
    }.filter { !$0.installation.isEmpty }
    let summaries = try workbench.store.summaries(
      of: devices, since: since.map { milliseconds($0.date(now: Date())) },
      variant: variant.map { try workbench.store.variant(matching: $0).digest },
      budget: budget.microseconds)
    let outliers = Outliers(summaries, kind: facts.mapValues(\.facts.deviceClass))
    if output.output == .table, !summaries.isEmpty {
      terminal.print(FleetTable.text(summaries, outliers: outliers))
    } else {
      output.show(
        summaries, as: Self.listing(outliers),
        empty: "nothing was collected from these devices yet",
        on: terminal)
    }
    return .success
  }

  private func milliseconds(_ date: Date) -> UInt64 {
    UInt64(max(0, date.timeIntervalSince1970 * 1000))
  }

  private static func listing(_ outliers: Outliers) -> Listing<DeviceSummary> {
    Listing()
      .text("device", nil) { $0.device }
      .count("predictions", nil) { $0.predictions }
      .count("p50", nil) { $0.p50 }
      .count("p95", nil) { $0.p95 }
      .count("p99", nil) { $0.p99 }
      .count("worst", nil) { $0.worst }
      .column("isExact", nil, { .bool($0.isExact) }) { _ in "" }
      .count("misses", nil) { $0.misses }
      .count("failures", nil) { $0.failures }
      .text("newestFailure", nil) { $0.newestFailure }
      .count("probed", nil) { $0.probed }
      .column("probeAccuracy", nil, { .optional($0.probeAccuracy) }) { _ in "" }
      .count("judged", nil) { $0.judged }
      .column("liveAccuracy", nil, { .optional($0.liveAccuracy) }) { _ in "" }
      .count("daemonMemory", nil) { $0.daemonMemory }
      .count("modelMemory", nil) { $0.modelMemory }
      .count("lost", nil) { $0.lost }
      .count("reversals", nil) { $0.reversals }
      .text("collected", nil) { $0.collected.map(Moment.text) }
      .list("standsOut", nil) { outliers.reasons[$0.device] ?? [] }
  }
}
