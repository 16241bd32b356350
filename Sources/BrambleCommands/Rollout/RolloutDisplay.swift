import Reports
import Rollout
import SSH
import Synchronization

/// Shows a rollout while it runs: a line that lives, and one that stays for every change of a device.
final class RolloutDisplay: Sendable {
  private struct State {
    var snapshot: RolloutSnapshot?
    var uploads: [String: UploadProgress] = [:]
  }

  private let progress: ProgressLine
  private let needed: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - needed: predictions that a device must have made before it can pass.
  ///   - known: how the rollout stood before; what changes from there is told.
  init(_ progress: ProgressLine, needed: Int, known: RolloutSnapshot? = nil) {
    self.progress = progress
    self.needed = needed
    state.withLock { $0.snapshot = known }
  }

  func show(_ snapshot: RolloutSnapshot) {
    let before = state.withLock { state in
      defer { state.snapshot = snapshot }
      return state.snapshot
    }
    let old = Dictionary(
      (before?.devices ?? []).map { ($0.name, $0.record.state) }
    ) { first, _ in first }
    for device in snapshot.devices where (old[device.name] ?? .pending) != device.record.state {
      progress.note(Self.line(for: device))
    }
    progress.update(RolloutReport.progress(snapshot, needed: needed))
  }

  func show(_ upload: UploadProgress, to device: String) {
    let text = state.withLock { state in
      state.uploads[device] = upload.held < upload.total ? upload : nil
      return state.uploads.sorted { $0.key < $1.key }.prefix(3).map {
        "\($0.key) \(Units.bytes(UInt64($0.value.held))) of \(Units.bytes(UInt64($0.value.total)))"
      }.joined(separator: ", ")
    }
    if !text.isEmpty { progress.update("sending: " + text) }
  }

  func finish() { progress.finish() }

  private static func line(for device: RolloutSnapshot.Device) -> String {
    let record = device.record
    var text = "\(device.name): \(RolloutReport.word(record.state))"
    if record.state == .healthy, let evidence = record.evidence {
      text += ", \(evidence.attempts) predictions, \(evidence.violations) beyond the budget, "
      text += "p99 \(Units.milliseconds(evidence.p99))"
      if let accuracy = evidence.probeAccuracy {
        text += ", probe \(Units.percent(Double(accuracy) / 1000))"
      }
    }
    if let problem = record.problem { text += " (\(DeviceText(problem).line))" }
    return text
  }
}
