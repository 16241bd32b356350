import Foundation

/// Latencies as counts in logarithmic buckets: every quantile is right within 1%.
///
/// Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error
/// guarantees", PVLDB 12 (2019): bucket `i` holds `(γ^(i-1), γ^i]` with `γ = (1 + a) / (1 - a)`.
enum LatencyBuckets {
  static let accuracy = 0.01
  private static let logGamma = log1p(accuracy) - log1p(-accuracy)

  static func bucket(of latency: UInt64) -> Int {
    latency <= 1 ? 0 : Int((log(Double(latency)) / logGamma).rounded(.up))
  }

  /// The value that is within 1% of every latency of the bucket.
  static func value(of bucket: Int) -> UInt64 {
    bucket == 0
      ? 1 : UInt64((2 * exp(Double(bucket) * logGamma) / (exp(logGamma) + 1)).rounded())
  }
}
