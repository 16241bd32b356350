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
    let live = Shares(summaries, count: { $0.judgedCorrect }, trials: { $0.judged })
    let probe = Shares(summaries, count: { $0.probedCorrect }, trials: { $0.probed })
    let usual = Dictionary(
      grouping: summaries.filter { $0.predictions >= Outliers.fewestJudged },
      by: { kind[$0.device] }
    ).compactMapValues(UsualLatency.init)
    for summary in summaries {
      var found = Outliers.accuracy(of: summary, live: live, probe: probe)
      found += usual[kind[summary.device]]?.reason(summary) ?? []
      found += Outliers.budget(of: summary)
      if summary.failures > 0 {
        let reason = summary.newestFailure.map { ": \($0.withoutControls)" } ?? ""
        found.append("\(summary.failures) without an answer\(reason)")
      }
      if !found.isEmpty { reasons[summary.device] = found }
    }
  }

  private static func accuracy(
    of summary: DeviceSummary, live: Shares, probe: Shares
  ) -> [String] {
    var found: [String] = []
    if let live = live.drop(of: summary) {
      // Right on the probe set and wrong on the sensor's windows: the model is not to blame.
      let probe = summary.probeAccuracy ?? 0
      let advice =
        probe - live.share >= worthADrop
        ? "; \(Units.percent(probe)) on its probe set: look at the sensor" : ""
      found.append(
        "live accuracy \(Units.percent(live.share)), fleet \(Units.percent(live.usual))\(advice)")
    }
    if let probe = probe.drop(of: summary) {
      found.append(
        "probe accuracy \(Units.percent(probe.share)), fleet \(Units.percent(probe.usual))")
    }
    return found
  }

  /// More misses than one of a hundred, with confidence.
  private static func budget(of summary: DeviceSummary) -> [String] {
    let misses = Binomial(count: summary.misses, trials: summary.predictions)
    guard misses.lowerBound(confidence: 0.99) > 0.01 else { return [] }
    return ["\(summary.misses) of \(summary.predictions) over the budget"]
  }
}
