/// Why a rollout was taken back: the verdict with the evidence that made it.
public struct Finding: Hashable, Codable, Sendable, CustomStringConvertible {
  public enum Reason: Hashable, Codable, Sendable {
    /// The sequential test is clear: `violations` of `predictions`, with evidence of `factor` to 1.
    case tooSlow(violations: Int, predictions: Int, budget: UInt64, limit: Double, factor: Double)
    /// The probe set came out right less often than the floor, in thousandths.
    case belowFloor(correct: Int, of: Int, floor: Int)
    /// Less accurate than the previous variant by more than `allowed`, in thousandths.
    case worseThanPrevious(correct: Int, of: Int, previous: Int, allowed: Int)
    case failures(count: Int, allowed: Int, reasons: [String])
    /// The device went back by itself.
    case revertedItself(String)
    /// The variant could not be prepared or started.
    case didNotStart(String)
    /// The device has refused this variant since it failed there before.
    case quarantined(String)
    /// Too few predictions by the deadline.
    case missingData(predictions: Int, needed: Int, detail: String)
    /// Enough predictions, but neither the test nor the bound is clear.
    case inconclusive(violations: Int, predictions: Int, bound: Double, limit: Double)
    /// A person asked for it.
    case requested(String)
  }
  /// The device that showed it; `nil` when a person asked.
  public var device: String?
  public var reason: Reason
  public var evidence: Evidence?

  public init(device: String?, reason: Reason, evidence: Evidence? = nil) {
    self.device = device
    self.reason = reason
    self.evidence = evidence
  }

  /// Whether the variant was not shown to be bad, only never shown to be good.
  public var isInconclusive: Bool {
    switch reason {
    case .missingData, .inconclusive: true
    default: false
    }
  }

  /// One sentence for people, with the numbers.
  public var description: String {
    (device.map { "\($0): " } ?? "") + reason.text
  }
}

extension Finding.Reason {
  var text: String {
    switch self {
    case .tooSlow(let violations, let predictions, let budget, let limit, let factor):
      "\(violations) of \(predictions) predictions broke the budget of \(milliseconds(budget)); "
        + "the odds against a rate of at most \(percent(limit)) are \(odds(factor)) to 1"
    case .belowFloor(let correct, let total, let floor):
      "\(correct) of \(total) probe windows were right (\(share(correct, total))), "
        + "below the floor of \(percent(Double(floor) / 1_000))"
    case .worseThanPrevious(let correct, let total, let previous, let allowed):
      "\(correct) of \(total) probe windows were right (\(share(correct, total))), against "
        + "\(percent(Double(previous) / 1_000)) with the previous variant; "
        + "\(points(allowed)) less would be allowed"
    case .failures(let count, let allowed, let reasons):
      "\(count) predictions had no answer (\(allowed) allowed)"
        + (reasons.isEmpty ? "" : ": " + reasons.joined(separator: "; "))
    case .revertedItself(let reason): "the device went back by itself: \(reason)"
    case .didNotStart(let reason): "the variant did not start: \(reason)"
    case .quarantined(let reason): "the device refuses the variant: \(reason)"
    case .missingData(let predictions, let needed, let detail):
      "\(predictions) of the \(needed) predictions that are needed"
        + (detail.isEmpty ? "" : ": \(detail)")
    case .inconclusive(let violations, let predictions, let bound, let limit):
      "\(violations) of \(predictions) predictions broke the budget; the rate may be as high as "
        + "\(percent(bound)), and \(percent(limit)) was to be shown"
    case .requested(let reason): reason
    }
  }
}
