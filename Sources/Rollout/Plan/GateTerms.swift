/// What a variant must show on every device before the rollout goes on.
public struct GateTerms: Hashable, Codable, Sendable {
  /// The time a prediction may take, request to answer, in microseconds.
  public var budget: UInt64
  /// The share of predictions that must keep the budget: 0.99 for a p99.
  public var quantile: Double
  /// The share of false alarms of the sequential test; `1 - alpha` is the confidence of the bound on passing.
  public var alpha: Double
  /// Predictions that a device must have made before it can pass.
  public var minimumPredictions: Int
  /// Predictions after which a device that still has not shown its bound is inconclusive.
  public var maximumPredictions: Int
  /// The lowest share of probe windows that may be right, in thousandths; `nil` asks nothing.
  public var accuracyFloor: Int?
  /// How far the probe accuracy may lie below the previous variant's on the same device, in thousandths.
  public var accuracyDrop: Int?
  /// Predictions without an answer, child deaths and the like that one device may have.
  public var maximumFailures: Int

  public init(
    budget: UInt64 = 1_000_000, quantile: Double = 0.99, alpha: Double = 0.05,
    minimumPredictions: Int = 300, maximumPredictions: Int = 1_500, accuracyFloor: Int? = nil,
    accuracyDrop: Int? = nil, maximumFailures: Int = 0
  ) {
    self.budget = budget
    self.quantile = quantile
    self.alpha = alpha
    self.minimumPredictions = minimumPredictions
    self.maximumPredictions = maximumPredictions
    self.accuracyFloor = accuracyFloor
    self.accuracyDrop = accuracyDrop
    self.maximumFailures = maximumFailures
  }

  /// The rate of violations that must not be exceeded.
  public var violationLimit: Double { 1 - quantile }
}
