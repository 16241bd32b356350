import Rollout
import SSH
import Store

/// A stored rollout being driven by this process: forward, or back.
struct RolloutRun {
  enum Direction: Sendable {
    case forward
    case back(reason: String)
  }

  var record: RolloutRecord
  var workbench: Workbench
  var lines: [String: AgentLine]
  var forks: Int
  var terminal: Terminal
  /// Held as long as this runs, so that no second controller does the same.
  var lock: RolloutLock

  /// Drives the rollout to its end.
  ///
  /// Ctrl-C leaves it as it is and throws a ``Failure`` that says how to go on.
  func run(_ direction: Direction) async throws -> RolloutSnapshot {
    let display = RolloutDisplay(
      ProgressLine(terminal), needed: record.plan.gate.minimumPredictions,
      known: try workbench.store.snapshot(ofRollout: record))
    let fleet = SSHFleet(
      lines: lines, workbench: workbench, budget: record.plan.gate.budget
    ) { device, progress in display.show(progress, to: device) }
    let driver = RolloutDriver(
      plan: record.plan, fleet: fleet, journal: workbench.store.journal(of: record.id),
      forks: forks
    ) { display.show($0) }
    let snapshot: RolloutSnapshot
    do {
      snapshot = try await withInterruption {
        switch direction {
        case .forward: try await driver.run()
        case .back(let reason): try await driver.rollBack(reason: reason)
        }
      }
    } catch is CancellationError {
      display.finish()
      await fleet.close()
      throw interrupted
    } catch {
      display.finish()
      await fleet.close()
      throw error
    }
    display.finish()
    await fleet.close()
    try workbench.store.finishRollout(
      record.id, outcome: snapshot.outcome, finding: snapshot.finding)
    return snapshot
  }

  private var interrupted: Failure {
    let minutes = max(record.plan.deadlines.deadMan / 60_000, 1)
    return Failure(
      "interrupted; rollout \(record.id) stays as it is. `bramble rollout resume` goes on with it, "
        + "`bramble rollout rollback` takes it back. Devices on trial go back by themselves "
        + "when they hear nothing for \(minutes) min.",
      status: .interrupted)
  }
}

extension Workbench {
  /// The rollout with that number; the latest without one.
  func rollout(_ number: Int64?) throws -> RolloutRecord {
    guard let number else {
      if let latest = try store.latestRollout() { return latest }
      throw Failure("there was no rollout yet; begin one with `bramble rollout start VARIANT`")
    }
    if let record = try store.rollout(number) { return record }
    throw Failure("there is no rollout \(number); `bramble rollout list` lists them")
  }

  /// The latest rollout, when it has not come to its end.
  func unfinishedRollout() throws -> RolloutRecord? {
    guard let latest = try store.latestRollout(),
      try store.snapshot(ofRollout: latest).outcome == nil
    else { return nil }
    return latest
  }
}
