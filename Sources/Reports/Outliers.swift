import Foundation
import Rollout
public import Store

/// Devices that stand out of their fleet, each with short reasons.
public struct Outliers: Equatable, Sendable {
  /// By device name; a device without reasons is absent.
  public private(set) var reasons: [String: [String]] = [:]

  /// A share must lie below the fleet's by this much to be worth a word, however certain it is.
  static let worthADrop = 0.03
  /// Devices with fewer judged predictions say nothing about the others.
  static let fewestJudged = 10
  /// Modified z-score beyond which a latency stands out: Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993).
  static let scoreLimit = 3.5
  /// Fewer devices of a kind have no usual latency.
  static let fewestOfAKind = 4
  /// The chance that any device of an even fleet is named, for each measure.
  static let falseAlarms = 0.01

  /// - Parameter kind: the device class by device name, as latency is compared within one class alone.
  public init(_ summaries: [DeviceSummary], kind: [String: String] = [:]) {
    for summary in summaries {
      var found: [String] = []
      found += Outliers.accuracy(of: summary, among: summaries)
      found += Outliers.latency(of: summary, among: summaries, kind: kind)
      found += Outliers.budget(of: summary)
      if summary.failures > 0 {
        let reason = summary.newestFailure.map { ": \($0.withoutControls)" } ?? ""
        found.append("\(summary.failures) without an answer\(reason)")
      }
      if !found.isEmpty { reasons[summary.device] = found }
    }
  }

  private static func accuracy(
    of summary: DeviceSummary, among all: [DeviceSummary]
  ) -> [String] {
    var found: [String] = []
    let live = drop(
      summary, all, count: { $0.judgedCorrect }, trials: { $0.judged })
    if let live {
      // Right on the probe set and wrong on the sensor's windows: the model is not to blame.
      let probe = summary.probeAccuracy ?? 0
      let advice =
        probe - live.share >= worthADrop
        ? "; \(Units.percent(probe)) on its probe set: look at the sensor" : ""
      found.append(
        "live accuracy \(Units.percent(live.share)), fleet \(Units.percent(live.usual))\(advice)")
    }
    if let probe = drop(summary, all, count: { $0.probedCorrect }, trials: { $0.probed }) {
      found.append(
        "probe accuracy \(Units.percent(probe.share)), fleet \(Units.percent(probe.usual))")
    }
    return found
  }

  /// The device's share where it is clearly below the median of the others': so few hits would come by
  /// chance, at the others' rate, in one of a hundred even fleets at the most (exact binomial tail,
  /// Bonferroni over the devices).
  private static func drop(
    _ summary: DeviceSummary, _ all: [DeviceSummary], count: (DeviceSummary) -> Int,
    trials: (DeviceSummary) -> Int
  ) -> (share: Double, usual: Double)? {
    let (hits, total) = (count(summary), trials(summary))
    let others = all.filter { $0.device != summary.device && trials($0) >= fewestJudged }
    guard total >= fewestJudged, !others.isEmpty else { return nil }
    let share = Double(hits) / Double(total)
    let usual = median(others.map { Double(count($0)) / Double(trials($0)) })
    // A fleet that was never wrong may be wrong once in as many tries again.
    let smoothed = median(others.map { Double(count($0) + 1) / Double(trials($0) + 2) })
    let chance = Binomial(count: hits, trials: total).lowerTail(rate: smoothed)
    guard usual - share >= worthADrop, chance < falseAlarms / Double(others.count + 1) else {
      return nil
    }
    return (share, usual)
  }

  private static func latency(
    of summary: DeviceSummary, among all: [DeviceSummary], kind: [String: String]
  ) -> [String] {
    guard summary.predictions >= fewestJudged else { return [] }
    let peers = all.filter {
      $0.predictions >= fewestJudged && kind[$0.device] == kind[summary.device]
    }
    guard peers.count >= fewestOfAKind else { return [] }
    let logs = peers.map { log(Double(max($0.p50, 1))) }
    let center = median(logs)
    let spread = max(median(logs.map { abs($0 - center) }), 0.05)
    let score = 0.6745 * (log(Double(max(summary.p50, 1))) - center) / spread
    guard score > scoreLimit else { return [] }
    let usual = UInt64(exp(center).rounded())
    return [
      "usually \(Units.milliseconds(summary.p50)), its class \(Units.milliseconds(usual))"
    ]
  }

  /// More misses than one of a hundred, with confidence.
  private static func budget(of summary: DeviceSummary) -> [String] {
    let misses = Binomial(count: summary.misses, trials: summary.predictions)
    guard misses.lowerBound(confidence: 0.99) > 0.01 else { return [] }
    return ["\(summary.misses) of \(summary.predictions) over the budget"]
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1
      ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
