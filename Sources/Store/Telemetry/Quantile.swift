/// Quantiles by nearest rank: the smallest value that is at least as great as the given share of all.
enum Quantile {
  /// Of ascending values; 0 when there are none.
  static func nearestRank(_ share: Double, of sorted: [UInt64]) -> UInt64 {
    guard !sorted.isEmpty else { return 0 }
    return sorted[rank(share, of: sorted.count) - 1]
  }

  /// From 1 to `count`.
  static func rank(_ share: Double, of count: Int) -> Int {
    min(max(Int((share * Double(count) - 1e-9).rounded(.up)), 1), count)
  }

  /// Of exact values together with counts in latency buckets.
  static func merged(
    _ share: Double, exact sorted: [UInt64], buckets: [(value: UInt64, count: Int)], total: Int
  ) -> UInt64 {
    guard total > 0 else { return 0 }
    if buckets.isEmpty { return nearestRank(share, of: sorted) }
    var left = rank(share, of: total)
    var index = 0
    for (value, count) in buckets {
      while index < sorted.count, sorted[index] <= value {
        left -= 1
        if left == 0 { return sorted[index] }
        index += 1
      }
      left -= count
      if left <= 0 { return value }
    }
    return sorted[index + left - 1]
  }
}
