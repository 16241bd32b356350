import Foundation

/// What `count` hits in `trials` say about the rate behind them.
public struct Binomial: Equatable, Sendable {
  public var count: Int
  public var trials: Int

  public init(count: Int, trials: Int) {
    self.count = min(max(count, 0), max(trials, 0))
    self.trials = max(trials, 0)
  }

  /// The one-sided upper Clopper-Pearson bound: a rate above it would give so few hits with a
  /// probability of at most `1 - confidence`. 1 when there were no trials.
  ///
  /// Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the
  /// binomial", Biometrika 26 (1934). 0 of 299 at 95% gives 0.997%.
  public func upperBound(confidence: Double) -> Double {
    if count == trials { return 1 }
    if count == 0 { return 1 - pow(1 - confidence, 1 / Double(trials)) }
    return IncompleteBeta.inverse(confidence, Double(count + 1), Double(trials - count))
  }

  /// The one-sided lower Clopper-Pearson bound. 0 when there were no hits.
  public func lowerBound(confidence: Double) -> Double {
    if count == 0 { return 0 }
    return IncompleteBeta.inverse(1 - confidence, Double(count), Double(trials - count + 1))
  }

  /// The probability of so few hits, or fewer, when the true rate is `rate`.
  public func lowerTail(rate: Double) -> Double {
    if count >= trials || rate <= 0 { return 1 }
    if rate >= 1 { return 0 }
    return IncompleteBeta.complement(rate, Double(count + 1), Double(trials - count))
  }

  /// The fewest trials at which `count` hits keep ``upperBound(confidence:)`` at or below `limit`.
  public static func trialsNeeded(count: Int, limit: Double, confidence: Double) -> Int {
    precondition(limit > 0 && limit < 1, "a limit is a rate between 0 and 1, not \(limit)")
    var high = max(count + 1, 1)
    while Binomial(count: count, trials: high).upperBound(confidence: confidence) > limit {
      high *= 2
    }
    var low = high / 2
    while low + 1 < high {
      let middle = (low + high) / 2
      if Binomial(count: count, trials: middle).upperBound(confidence: confidence) <= limit {
        high = middle
      } else {
        low = middle
      }
    }
    return high
  }
}
