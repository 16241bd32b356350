import Foundation
import Store

/// What devices of one class usually take for a prediction, and how far they differ.
struct UsualLatency {
  private let center: Double
  private let spread: Double

  /// `nil` for too few devices to have anything usual.
  init?(_ peers: [DeviceSummary]) {
    guard peers.count >= Outliers.fewestOfAKind else { return nil }
    let logs = peers.map { log(Double(max($0.p50, 1))) }
    guard let center = SortedValues(logs).median,
      let deviation = SortedValues(logs.map { abs($0 - center) }).median
    else { return nil }
    self.center = center
    // Five percent is no difference, however alike the others are.
    spread = max(deviation, 0.05)
  }

  func reason(_ summary: DeviceSummary) -> [String] {
    guard summary.predictions >= Outliers.fewestJudged else { return [] }
    let score = 0.6745 * (log(Double(max(summary.p50, 1))) - center) / spread
    guard score > Outliers.scoreLimit else { return [] }
    let usual = UInt64(exp(center).rounded())
    return [
      "usually \(Units.milliseconds(summary.p50)), its class \(Units.milliseconds(usual))"
    ]
  }
}
