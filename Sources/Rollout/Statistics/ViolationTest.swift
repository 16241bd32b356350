import Foundation

/// A test of "the violation rate is at most `limit`" that may be looked at after every prediction.
///
/// The test is an *e-process*: for every rate `p` in `(limit, 1]` the likelihood ratio of `p` to
/// `limit` is a supermartingale while the true rate is at most `limit`, and so is their mixture
/// under a uniform prior on that interval. By Ville's inequality it ever reaches `1 / alpha` with a
/// probability of at most `alpha`, however often and whenever one looks.
///
/// Robbins, "Statistical methods related to the law of the iterated logarithm", Ann. Math. Stat. 41
/// (1970), for the mixture; Lindon, Sanden and Shirikian, "Rapid Regression Detection in Software
/// Deployments through Sequential Testing" (arXiv 2205.14762), for the use.
public struct ViolationTest: Equatable, Sendable {
  /// The rate that must not be exceeded, such as 0.01 for a 99% quantile.
  public var limit: Double
  /// The share of false alarms that is put up with.
  public var alpha: Double

  public init(limit: Double, alpha: Double) {
    precondition(limit > 0 && limit < 1, "a limit is a rate between 0 and 1, not \(limit)")
    precondition(alpha > 0 && alpha < 1, "alpha is a probability between 0 and 1, not \(alpha)")
    self.limit = limit
    self.alpha = alpha
  }

  /// The evidence against the limit: 1 is none, `1 / alpha` is enough.
  public func evidence(violations: Int, predictions: Int) -> Double {
    exp(logEvidence(violations: violations, predictions: predictions))
  }

  /// Whether the evidence is enough.
  public func isBroken(violations: Int, predictions: Int) -> Bool {
    logEvidence(violations: violations, predictions: predictions) >= -log(alpha)
  }

  /// `ln ( ∫ pᵏ(1-p)ⁿ⁻ᵏ dp / ((1-L) Lᵏ(1-L)ⁿ⁻ᵏ) )` over `(L, 1]`.
  private func logEvidence(violations: Int, predictions: Int) -> Double {
    let hits = Double(min(max(violations, 0), max(predictions, 0)))
    let rest = Double(max(predictions, 0)) - hits
    let above = IncompleteBeta.complement(limit, hits + 1, rest + 1)
    if above <= 0 { return -.infinity }
    let marginal = IncompleteBeta.logBeta(hits + 1, rest + 1) + log(above) - log1p(-limit)
    return marginal - hits * log(limit) - rest * log1p(-limit)
  }
}
