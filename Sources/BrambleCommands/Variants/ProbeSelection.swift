/// Which windows of a labelled set travel with a variant as its probe set.
enum ProbeSelection {
  /// At most `count` positions in `labels`, as balanced over the classes as the data allow, each
  /// class's spread evenly over the whole set, the classes taking turns. The same labels give the
  /// same positions.
  static func positions(labels: [Int], count: Int) -> [Int] {
    let classes = Dictionary(grouping: labels.indices) { labels[$0] }
      .sorted { $0.key < $1.key }.map(\.value)
    let quotas = quotas(available: classes.map(\.count), count: count)
    let picked = zip(classes, quotas).map { members, quota in
      (0..<quota).map { members[(2 * $0 + 1) * members.count / (2 * quota)] }
    }
    let rounds = quotas.max() ?? 0
    return (0..<rounds).flatMap { round in
      picked.compactMap { round < $0.count ? $0[round] : nil }
    }
  }

  /// Shares `count` out one by one, passing over classes that have no more windows.
  private static func quotas(available: [Int], count: Int) -> [Int] {
    var quotas = available.map { _ in 0 }
    var left = min(count, available.reduce(0, +))
    while left > 0 {
      for index in available.indices where left > 0 && quotas[index] < available[index] {
        quotas[index] += 1
        left -= 1
      }
    }
    return quotas
  }
}
