import Rollout
import Store

/// A share that every device of a fleet has, such as its accuracy.
struct Shares {
  private let count: (DeviceSummary) -> Int
  private let trials: (DeviceSummary) -> Int
  private let plain: SortedValues
  private let smoothed: SortedValues

  init(
    _ all: [DeviceSummary], count: @escaping (DeviceSummary) -> Int,
    trials: @escaping (DeviceSummary) -> Int
  ) {
    self.count = count
    self.trials = trials
    let telling = all.filter { trials($0) >= Outliers.fewestJudged }
    plain = SortedValues(telling.map { Double(count($0)) / Double(trials($0)) })
    smoothed = SortedValues(telling.map { Shares.smooth(count($0), trials($0)) })
  }

  /// The device's share where it is clearly below the median of the others': so few hits would come by
  /// chance, at the others' rate, in one of a hundred even fleets at the most (exact binomial tail,
  /// Bonferroni over the devices).
  func drop(of summary: DeviceSummary) -> (share: Double, usual: Double)? {
    let (hits, total) = (count(summary), trials(summary))
    guard total >= Outliers.fewestJudged else { return nil }
    let share = Double(hits) / Double(total)
    guard let usual = plain.median(without: share),
      let rate = smoothed.median(without: Shares.smooth(hits, total)),
      usual - share >= Outliers.worthADrop
    else { return nil }
    let chance = Binomial(count: hits, trials: total).lowerTail(rate: rate)
    return chance < Outliers.falseAlarms / Double(plain.count) ? (share, usual) : nil
  }

  /// A fleet that was never wrong may be wrong once in as many tries again.
  private static func smooth(_ count: Int, _ trials: Int) -> Double {
    Double(count + 1) / Double(trials + 2)
  }
}

/// Values whose median is asked for with one of them left out.
struct SortedValues {
  private let values: [Double]

  init(_ values: [Double]) { self.values = values.sorted() }

  var count: Int { values.count }

  /// `nil` when there are none.
  var median: Double? { middle(of: values.count) { values[$0] } }

  /// The median of all but one value that equals `value`; `nil` when no other is left.
  func median(without value: Double) -> Double? {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < value { low = middle + 1 } else { high = middle }
    }
    return middle(of: values.count - 1) { values[$0 < low ? $0 : $0 + 1] }
  }

  private func middle(of count: Int, _ value: (Int) -> Double) -> Double? {
    guard count > 0 else { return nil }
    let half = count / 2
    return count % 2 == 1 ? value(half) : (value(half - 1) + value(half)) / 2
  }
}
