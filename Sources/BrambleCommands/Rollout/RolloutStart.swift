import AgentProtocol
import ArgumentParser
import Encoding
import Inventory
import ModelFormat
import Rollout
import Store

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
    let workbench = try Workbench(workspace)
    let variant = try StoredVariant(matching: variant, in: workbench)
    let lock = try workbench.workspace.lockRollouts()
    if let record = try workbench.unfinishedRollout() {
      return try await goOn(with: record, variant, workbench, lock, on: terminal)
    }
    let devices = try workbench.someDevices(plan.to)
    let lines = try Connector(workbench).lines(to: devices.map(\.name))
    let progress = ProgressLine(terminal)
    defer { progress.finish() }
    let (forks, options) = (fleet.forks, self.plan)
    let survey = try await withInterruption {
      try await RolloutSurvey.take(
        of: devices, over: lines, variant: variant.manifest, store: workbench.store,
        forks: forks, progress: progress)
    }
    progress.finish()
    try checkObjects(of: variant, for: survey, in: workbench)
    let plan = try options.plan(for: variant, survey, store: workbench.store)
    guard try confirm(plan, survey, variant, workbench, on: terminal) else { return .success }
    let record = try create(plan, variant, in: workbench)
    terminal.note("rollout \(record.id) of \(variant.record.name) begins")
    let run = RolloutRun(
      record: record, workbench: workbench, lines: lines, forks: forks, terminal: terminal,
      lock: lock)
    return try await finish(run, on: terminal)
  }

  /// A damaged object is found before any device changes.
  private func checkObjects(
    of variant: StoredVariant, for survey: RolloutSurvey, in workbench: Workbench
  ) throws {
    let facts = try workbench.store.allFacts()
    let classes = Set(survey.statuses.keys.compactMap { facts[$0]?.facts.deviceClass })
    let images = classes.sorted().compactMap { variant.manifest.image(for: $0)?.digest }
    let others = [variant.record.digest, variant.manifest.probe?.digest].compactMap { $0 }
    for object in others + images { _ = try workbench.objects.read(object) }
  }

  private func create(
    _ plan: RolloutPlan, _ variant: StoredVariant, in workbench: Workbench
  ) throws -> RolloutRecord {
    let number = try workbench.store.createRollout(plan)
    try workbench.record(
      "rollout start", "\(number): \(variant.record.name) to \(plan.targets.count) devices")
    return try workbench.rollout(number)
  }

  /// An interrupted rollout of the same variant is what is meant by starting it again.
  private func goOn(
    with record: RolloutRecord, _ variant: StoredVariant, _ workbench: Workbench,
    _ lock: RolloutLock, on terminal: Terminal
  ) async throws -> ExitStatus {
    let name = try VariantNames(workbench.store).name(record.plan.variant)
    guard record.plan.variant == variant.record.digest else {
      throw Failure(
        "rollout \(record.id) of \(name) is unfinished: `bramble rollout resume` goes on with it, "
          + "`bramble rollout rollback` takes it back; then start this one")
    }
    if dryRun {
      terminal.note("rollout \(record.id) of \(name) is unfinished and would be gone on with")
      return .success
    }
    terminal.note("rollout \(record.id) of \(name) is unfinished: going on with it as planned then")
    let lines = try Connector(workbench).lines(to: record.plan.targets.map(\.name))
    let run = RolloutRun(
      record: record, workbench: workbench, lines: lines, forks: fleet.forks, terminal: terminal,
      lock: lock)
    return try await finish(run, on: terminal)
  }

  private func finish(_ run: RolloutRun, on terminal: Terminal) async throws -> ExitStatus {
    let snapshot = try await run.run(.forward)
    let view = try RolloutView(run.workbench.rollout(run.record.id), snapshot, in: run.workbench)
    output.show(json: view.json, table: view.text, on: terminal)
    return view.status
  }

  /// Shows the plan; asks, unless told not to. Without anybody to ask, a plan is not carried out.
  private func confirm(
    _ plan: RolloutPlan, _ survey: RolloutSurvey, _ variant: StoredVariant,
    _ workbench: Workbench, on terminal: Terminal
  ) throws -> Bool {
    let rows = PlanRow.rows(of: plan, survey)
    let listing = PlanRow.listing(try VariantNames(workbench.store))
    if dryRun {
      output.show(rows, as: listing, empty: "", on: terminal)
      return false
    }
    if yes { return true }
    terminal.note(listing.table(rows))
    terminal.diagnostics("Roll \(variant.record.name) out to these devices? [y/N] ")
    guard let answer = terminal.answer() else {
      throw Failure("nobody is there to answer; say --yes, or --dry-run to see the plan only")
    }
    if ["y", "yes"].contains(answer.lowercased()) { return true }
    terminal.note("nothing was changed")
    return false
  }
}
