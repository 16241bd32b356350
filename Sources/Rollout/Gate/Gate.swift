/// The rule that lets a rollout go on, applied to one device's evidence. Pure.
public struct Gate: Equatable, Sendable {
  /// What the evidence says so far.
  public enum Verdict: Equatable, Sendable {
    /// The rate of violations is at most `bound`, at the confidence of the terms.
    case passed(bound: Double)
    /// Not yet clear: so many predictions more would make it so if they are clean.
    case needsMore(predictions: Int)
    case broken(Finding.Reason)
  }
  /// The fewest violations that are called clear evidence: one slow first prediction, made while
  /// the model's pages are still being read, is none.
  static let fewestViolations = 3

  public var terms: GateTerms
  /// The previous variant's probe accuracy on the device, in thousandths.
  public var previousAccuracy: Int?
  public var hasProbeSet: Bool

  public init(terms: GateTerms, previousAccuracy: Int?, hasProbeSet: Bool) {
    self.terms = terms
    self.previousAccuracy = previousAccuracy
    self.hasProbeSet = hasProbeSet
  }

  /// The bound that is stated on passing: records lost on the device count as violations.
  ///
  /// It is the fixed-sample bound. Where the first look at the minimum is not enough and more
  /// predictions are asked for, its confidence is nominal.
  public func bound(of evidence: Evidence) -> Double {
    let counted = Binomial(
      count: evidence.violations + evidence.lost, trials: evidence.attempts + evidence.lost)
    return counted.upperBound(confidence: 1 - terms.alpha)
  }

  public func judge(_ evidence: Evidence) -> Verdict {
    if let reason = evidence.reversals.first { return .broken(.revertedItself(reason)) }
    if let reason = tooManyFailures(evidence) { return .broken(reason) }
    if let reason = tooSlow(evidence) { return .broken(reason) }
    let needed = neededForBound(evidence)
    if needed > evidence.attempts, needed > terms.maximumPredictions {
      return .broken(inconclusive(evidence))
    }
    var missing = needed - evidence.attempts
    if judgesAccuracy { missing = max(missing, terms.minimumPredictions - evidence.probed) }
    if missing > 0 { return .needsMore(predictions: missing) }
    if let reason = notAccurate(evidence) { return .broken(reason) }
    return .passed(bound: bound(of: evidence))
  }

  /// What is found when the time is over and the evidence still does not pass.
  public func findingAtDeadline(_ evidence: Evidence, detail: String) -> Finding.Reason {
    switch judge(evidence) {
    case .broken(let reason): reason
    case .passed, .needsMore:
      .missingData(
        predictions: evidence.attempts, needed: terms.minimumPredictions, detail: detail)
    }
  }

  private func tooManyFailures(_ evidence: Evidence) -> Finding.Reason? {
    guard evidence.failures > terms.maximumFailures else { return nil }
    return .failures(
      count: evidence.failures, allowed: terms.maximumFailures, reasons: evidence.failureReasons)
  }

  private func tooSlow(_ evidence: Evidence) -> Finding.Reason? {
    let test = ViolationTest(limit: terms.violationLimit, alpha: terms.alpha)
    let (violations, attempts) = (evidence.violations, evidence.attempts)
    guard violations >= Gate.fewestViolations,
      test.isBroken(violations: violations, predictions: attempts)
    else { return nil }
    return .tooSlow(
      violations: violations, predictions: attempts, budget: terms.budget,
      limit: terms.violationLimit,
      factor: min(test.evidence(violations: violations, predictions: attempts), 1e12))
  }

  private func inconclusive(_ evidence: Evidence) -> Finding.Reason {
    .inconclusive(
      violations: evidence.violations + evidence.lost,
      predictions: evidence.attempts + evidence.lost, bound: bound(of: evidence),
      limit: terms.violationLimit)
  }

  /// Predictions at which the bound can be stated when no further one breaks the budget.
  private func neededForBound(_ evidence: Evidence) -> Int {
    let clean = Binomial.trialsNeeded(
      count: evidence.violations + evidence.lost, limit: terms.violationLimit,
      confidence: 1 - terms.alpha)
    return max(clean - evidence.lost, terms.minimumPredictions)
  }

  private var judgesAccuracy: Bool {
    terms.accuracyFloor != nil || (terms.accuracyDrop != nil && previousAccuracy != nil)
  }

  /// Accuracy is judged on the whole of the minimum: a probe set may be ordered by class.
  private func notAccurate(_ evidence: Evidence) -> Finding.Reason? {
    let (correct, total) = (evidence.probedCorrect, evidence.probed)
    if let floor = terms.accuracyFloor, correct * 1_000 < floor * total {
      return .belowFloor(correct: correct, of: total, floor: floor)
    }
    if let allowed = terms.accuracyDrop, let previous = previousAccuracy,
      correct * 1_000 < (previous - allowed) * total
    {
      return .worseThanPrevious(
        correct: correct, of: total, previous: previous, allowed: allowed)
    }
    return nil
  }
}
