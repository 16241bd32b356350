/// What a device has shown since the variant was first activated on it in this rollout.
///
/// Totals, never increments: gathering twice changes nothing.
public struct Evidence: Hashable, Codable, Sendable {
  /// Predictions that were answered, from the probe set, the sensors and the controller.
  public var predictions: Int
  /// Those of them that took longer than the budget.
  public var misses: Int
  /// Predictions without an answer: the child died, hung or ran out of memory.
  public var failures: Int
  /// Why, for the first few failures.
  public var failureReasons: [String]
  /// Journal records that the device dropped unread: each counts as a miss where a bound is stated.
  public var lost: Int
  /// Probe windows that were run, and those that came out right.
  public var probed: Int
  public var probedCorrect: Int
  /// Microseconds, request to answer, over the answered predictions.
  public var p50: UInt64
  public var p99: UInt64
  public var worst: UInt64
  /// Why the device left the trial by itself, each time that it did, other than by its dead-man time.
  public var reversals: [String]

  public init(
    predictions: Int = 0, misses: Int = 0, failures: Int = 0, failureReasons: [String] = [],
    lost: Int = 0, probed: Int = 0, probedCorrect: Int = 0, p50: UInt64 = 0, p99: UInt64 = 0,
    worst: UInt64 = 0, reversals: [String] = []
  ) {
    self.predictions = predictions
    self.misses = misses
    self.failures = failures
    self.failureReasons = failureReasons
    self.lost = lost
    self.probed = probed
    self.probedCorrect = probedCorrect
    self.p50 = p50
    self.p99 = p99
    self.worst = worst
    self.reversals = reversals
  }

  /// Every prediction that was asked for: one without an answer broke the budget too.
  public var attempts: Int { predictions + failures }
  /// Those that are known not to have kept the budget.
  public var violations: Int { misses + failures }
  /// Share of probe windows that were right, in thousandths, rounded down; `nil` without a probe.
  public var probeAccuracy: Int? { probed > 0 ? probedCorrect * 1_000 / probed : nil }
}
