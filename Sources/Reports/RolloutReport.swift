public import Rollout

/// A rollout for people: where it stands, why it ended so, and each device.
public enum RolloutReport {
  /// One line, with the evidence where it was taken back.
  public static func headline(_ snapshot: RolloutSnapshot) -> String {
    switch snapshot.phase {
    case .planned: return "planned: nothing has been done yet"
    case .rolling(let wave):
      return (wave == 0 ? "canary" : "wave \(wave)") + ": " + counts(snapshot)
    case .promoting: return "promoting: " + counts(snapshot)
    case .reversing:
      return "taking it back: " + (snapshot.finding?.description ?? "") + " · "
        + counts(snapshot)
    case .ended(.promoted):
      return "promoted: all \(snapshot.devices.count) devices run the variant for good"
    case .ended(.partial):
      return "partial: \(snapshot.count(.committed)) of \(snapshot.devices.count) devices run the "
        + "variant for good; left out: \(names(snapshot))"
    case .ended(.untouched):
      return "untouched: no device could be given the variant: \(names(snapshot))"
    case .ended(.rolledBack):
      let owing = snapshot.devices.filter { $0.record.debt == .revert }.map(\.name)
      return "rolled back: " + (snapshot.finding?.description ?? "")
        + (owing.isEmpty
          ? ""
          : "; not heard of since: \(owing.joined(separator: ", ")) (go back by themselves, or resume)")
    }
  }

  /// The headline, and the devices that are worked on now, for a line that is redrawn.
  public static func progress(_ snapshot: RolloutSnapshot, needed: Int) -> String {
    let working = snapshot.devices.filter { $0.isOpen && $0.record.state != .healthy }
    let shown = working.prefix(3).map { device -> String in
      guard device.record.state == .onTrial else {
        return "\(device.name) \(word(device.record.state))"
      }
      let made = device.record.evidence?.attempts ?? 0
      let misses = device.record.evidence?.violations ?? 0
      return "\(device.name) \(made)/\(needed)" + (misses > 0 ? " (\(misses) missed)" : "")
    }
    let more = working.count > 3 ? ", ..." : ""
    let tail = shown.isEmpty ? "" : " · " + shown.joined(separator: ", ") + more
    return headline(snapshot) + tail
  }

  public static func table(_ snapshot: RolloutSnapshot) -> String {
    let columns: [TextTable.Column] = [
      .init("DEVICE"), .init("STATE"), .init("PREDICTIONS", .right), .init("MISSES", .right),
      .init("P50", .right), .init("P99", .right), .init("MAX", .right), .init("PROBE", .right),
      .init("MISS RATE", .right), .init("NOTE"),
    ]
    return TextTable(columns: columns, rows: snapshot.devices.map(row)).text()
  }

  public static func word(_ state: DeviceState) -> String {
    switch state {
    case .onTrial: "on trial"
    default: state.rawValue
    }
  }

  private static func row(_ device: RolloutSnapshot.Device) -> [String] {
    let record = device.record
    let evidence = record.evidence
    let debt = record.debt.map { "owes \($0.rawValue)" }
    let time = { (value: UInt64?) in value.map(Units.milliseconds) ?? "" }
    return [
      device.name, word(record.state), evidence.map { "\($0.attempts)" } ?? "",
      evidence.map { "\($0.violations)" } ?? "", time(evidence?.p50), time(evidence?.p99),
      time(evidence?.worst),
      evidence?.probeAccuracy.map { Units.percent(Double($0) / 1_000) } ?? "",
      record.bound.map { "<= " + fraction($0) } ?? "",
      [debt, record.problem].compactMap(\.self).joined(separator: ": "),
    ]
  }

  /// `0.997%`: one digit more than shares of accuracy, as it is held against 1%.
  private static func fraction(_ bound: Double) -> String {
    let thousandths = Int((bound * 100_000).rounded(.up))
    let digits = String(thousandths % 1_000)
    return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - digits.count) + digits
      + "%"
  }

  private static func counts(_ snapshot: RolloutSnapshot) -> String {
    DeviceState.allCases.compactMap { state in
      let count = snapshot.count(state)
      return count > 0 ? "\(count) \(word(state))" : nil
    }.joined(separator: ", ")
  }

  private static func names(_ snapshot: RolloutSnapshot) -> String {
    let list = snapshot.unfinished.map { device in
      device.name + (device.record.problem.map { " (\($0))" } ?? "")
    }
    return list.prefix(10).joined(separator: ", ")
      + (list.count > 10 ? " and \(list.count - 10) more" : "")
  }
}
