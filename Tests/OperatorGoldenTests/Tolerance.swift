/// How far an output may lie from LiteRT's, by operator and type.
enum Tolerance {
  /// Units of the output's int8 scale.
  case units(Int)
  /// A share of the golden output's range.
  case range(Float)
  /// A share of the range, and a multiple of what LiteRT's own quantization of rows costs.
  case slack(Float, range: Float)

  static func of(_ operatorName: String, _ type: String) -> Tolerance {
    switch type {
    case "int8": .units(units[operatorName] ?? 0)
    case "dynamic": .slack(3, range: 0.005)
    // Functions that LiteRT takes from the C library, and the runtime from polynomials; sums in another order.
    default: .range(1e-5)
    }
  }

  /// Operators whose int8 form TFLite's specification leaves open, by one unit; every other one is exact.
  private static let units: [String: Int] = [
    // A product with a constant runs as a dense layer, whose scales TFLite multiplies in double precision.
    "BATCH_MATMUL": 1,
    // LiteRT's reference takes the logarithm in fixed point, its optimized kernel in floats.
    "LOG_SOFTMAX": 1,
    // LiteRT multiplies the sum in single precision, the runtime in fixed point as for MEAN.
    "SUM": 1,
  ]

  /// What of `ours` lies outside, as the worst place; `nil` when all is within.
  func violation(_ ours: Numbers, _ golden: Numbers, slack: Float) -> String? {
    guard ours.values.count == golden.values.count else {
      return "\(ours.values.count) values instead of \(golden.values.count)"
    }
    let range = max(golden.range, 1e-3)
    let allowed: Float =
      switch self {
      case .units(let units) where golden.areWhole: Float(units)
      // A float that comes of int8 is one multiplication away from it.
      case .units: 1e-6 * range
      // The other way around, rounding may go either way at a tie.
      case .range where golden.areWhole: 1
      case .range(let share): share * range
      case .slack(let times, let share): times * slack + share * range
      }
    var (worst, place, count): (Float, Int, Int) = (0, 0, 0)
    for (index, (a, b)) in zip(ours.values, golden.values).enumerated() {
      let distance = a.isNaN ? Float.infinity : abs(a - b)
      if distance > allowed { count += 1 }
      if distance > worst { (worst, place) = (distance, index) }
    }
    guard count > 0 else { return nil }
    return
      "\(count) of \(golden.values.count) values differ by more than \(allowed), "
      + "the worst at \(place): \(ours.values[place]) instead of \(golden.values[place])"
  }
}

/// The elements of an output, as floats.
struct Numbers {
  var values: [Float]
  /// Whether they are int8.
  var areWhole: Bool

  /// The spread of the values, or the largest magnitude where that is more.
  var range: Float {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    return max(high - low, max(abs(low), abs(high)))
  }
}
