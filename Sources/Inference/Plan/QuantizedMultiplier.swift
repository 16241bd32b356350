/// A positive real factor as TFLite's integer kernels take it: `multiplier · 2^(shift - 31)`, with the
/// multiplier in [2^30, 2^31). A positive shift goes left, a negative one right.
///
/// Written with doubles alone and no library function, so that every machine gets the same bits.
struct QuantizedMultiplier: Equatable {
  var multiplier: Int32
  var shift: Int32

  /// TFLite's `QuantizeMultiplier`: the fraction rounded to 31 bits, half away from zero; 0 where the result of any
  /// product would be 0 (below 2^-32). `real` is finite and not negative.
  init(_ real: Double) {
    (multiplier, shift) = (0, 0)
    guard real > 0, real.isFinite else { return }
    let fraction = real.significand / 2
    var exponent = real.exponent + 1
    // Below 2^31 the sum is exact, so this rounds as `round` does.
    var fixed = Int64(fraction * 2_147_483_648 + 0.5)
    if fixed == 1 << 31 {
      fixed /= 2
      exponent += 1
    }
    guard exponent >= -31 else { return }
    multiplier = Int32(fixed)
    shift = Int32(min(exponent, 31))
  }

  /// From sums of products `x · w` to `y`, where each output channel has a scale of its own.
  init(x: Float, weights: Float, y: Float) {
    self.init(Double(x) * Double(weights) / Double(y))
  }

  /// The same where one scale holds for all weights: TFLite then takes the product in single precision.
  init(x: Float, wholeWeights: Float, y: Float) {
    self.init(Double(x * wholeWeights) / Double(y))
  }
}

/// Reference rounding, for what is computed while planning; kernels have their own.
extension QuantizedMultiplier {
  /// `value · factor`: shifted left (wrapping), doubled product's high half rounded half up, then shifted right, ties
  /// away from zero.
  func apply(_ value: Int32) -> Int32 {
    let shifted = shift > 0 ? value << shift : value
    return Self.shiftRight(Self.highProduct(shifted, multiplier), by: max(0, -shift))
  }

  /// The high half of the doubled product, rounded half up; saturates where both are the lowest value.
  static func highProduct(_ a: Int32, _ b: Int32) -> Int32 {
    if a == .min, b == .min { return .max }
    return Int32(truncatingIfNeeded: (Int64(a) * Int64(b) + 1 << 30) >> 31)
  }

  /// Divides by a power of two, ties away from zero.
  static func shiftRight(_ value: Int32, by bits: Int32) -> Int32 {
    guard bits > 0 else { return value }
    let mask = Int32(truncatingIfNeeded: (Int64(1) << Int64(bits)) - 1)
    let threshold = (mask >> 1) + (value < 0 ? 1 : 0)
    return (value >> bits) + (value & mask > threshold ? 1 : 0)
  }
}
