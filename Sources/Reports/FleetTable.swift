public import Store

/// The fleet's telemetry, one line a device; a device that stands out is marked and told why.
public enum FleetTable {
  public static func text(_ summaries: [DeviceSummary], outliers: Outliers) -> String {
    let columns: [TextTable.Column] = [
      .init(""), .init("DEVICE"), .init("COUNT", .right), .init("P50", .right),
      .init("P95", .right), .init("P99", .right), .init("MAX", .right), .init("MISSES", .right),
      .init("PROBE", .right), .init("LIVE", .right), .init("MEMORY", .right),
      .init("FAILED", .right), .init("LOST", .right), .init("STANDS OUT"),
    ]
    let rows = summaries.map { row($0, outliers.reasons[$0.device] ?? []) }
    let table = TextTable(columns: columns, rows: rows).text()
    return summaries.contains { !$0.isExact }
      ? table + "\n~ from daily histograms: within 1%" : table
  }

  private static func row(_ summary: DeviceSummary, _ reasons: [String]) -> [String] {
    let time = { (value: UInt64) -> String in
      guard summary.predictions > 0 else { return "-" }
      return (summary.isExact ? "" : "~") + Units.milliseconds(value)
    }
    let memory =
      summary.daemonMemory.map { daemon in
        Units.bytes(daemon) + (summary.modelMemory.map { " + " + Units.bytes($0) } ?? "")
      } ?? "-"
    return [
      reasons.isEmpty ? "" : "!", summary.device, "\(summary.predictions)", time(summary.p50),
      time(summary.p95), time(summary.p99), time(summary.worst), "\(summary.misses)",
      summary.probeAccuracy.map(Units.percent) ?? "-",
      summary.liveAccuracy.map(Units.percent) ?? "-", memory,
      summary.failures > 0 ? "\(summary.failures)" : "",
      summary.lost > 0 ? "\(summary.lost)" : "", reasons.joined(separator: "; "),
    ]
  }

  /// For programs: every field in its base unit.
  public struct Document: Encodable, Sendable {
    public struct Device: Encodable, Sendable {
      public var summary: DeviceSummary
      public var probeAccuracy: Double?
      public var liveAccuracy: Double?
      public var standsOut: [String]
    }
    public var devices: [Device]

    public init(_ summaries: [DeviceSummary], outliers: Outliers) {
      devices = summaries.map {
        Device(
          summary: $0, probeAccuracy: $0.probeAccuracy, liveAccuracy: $0.liveAccuracy,
          standsOut: outliers.reasons[$0.device] ?? [])
      }
    }
  }
}
