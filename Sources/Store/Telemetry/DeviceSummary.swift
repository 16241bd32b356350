/// What one device did over a time, for tables.
public struct DeviceSummary: Equatable, Codable, Sendable {
  public var device: String
  /// Answered predictions.
  public var predictions: Int
  /// Microseconds, request to answer.
  public var p50: UInt64
  public var p95: UInt64
  public var p99: UInt64
  public var worst: UInt64
  /// False where old predictions are known by their bucket alone: quantiles and misses are then right within 1% of the latency.
  public var isExact: Bool
  /// Predictions that took longer than the budget.
  public var misses: Int
  /// Predictions without an answer, and the newest of their reasons.
  public var failures: Int
  public var newestFailure: String?
  /// Probe windows run, and right.
  public var probed: Int
  public var probedCorrect: Int
  /// Predictions whose true label became known later, and those that were right.
  public var judged: Int
  public var judgedCorrect: Int
  /// Resident bytes of the daemon and of the model's process, as sampled last.
  public var daemonMemory: UInt64?
  public var modelMemory: UInt64?
  /// Records that the device had to drop unread.
  public var lost: Int
  /// Times that the device went back from a variant by itself.
  public var reversals: Int
  /// When telemetry was last collected, in milliseconds since 1970.
  public var collected: UInt64?

  public init(device: String) {
    self.device = device
    predictions = 0
    p50 = 0
    p95 = 0
    p99 = 0
    worst = 0
    isExact = true
    misses = 0
    failures = 0
    newestFailure = nil
    probed = 0
    probedCorrect = 0
    judged = 0
    judgedCorrect = 0
    daemonMemory = nil
    modelMemory = nil
    lost = 0
    reversals = 0
    collected = nil
  }

  /// Shares, 0 to 1; `nil` when nothing was measured.
  public var probeAccuracy: Double? { share(probedCorrect, probed) }
  public var liveAccuracy: Double? { share(judgedCorrect, judged) }

  private func share(_ part: Int, _ whole: Int) -> Double? {
    whole > 0 ? Double(part) / Double(whole) : nil
  }
}
