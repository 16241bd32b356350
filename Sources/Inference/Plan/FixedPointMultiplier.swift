/// A positive real number as TFLite's `QuantizeMultiplier` writes it: `mantissa * 2^(shift - 31)` with a
/// mantissa of [2^30, 2^31), or zero.
struct FixedPointMultiplier: Equatable {
  var mantissa: Int32
  /// To the left when positive.
  var shift: Int32

  init(_ real: Double) {
    guard real.isFinite, real > 0 else {
      (mantissa, shift) = (0, 0)
      return
    }
    // As frexp: a significand of [0.5, 1).
    var exponent = Int(real.exponent) + 1
    var rounded = Int64((real.significand / 2 * 0x1p31).rounded(.toNearestOrAwayFromZero))
    if rounded == 1 << 31 {
      rounded /= 2
      exponent += 1
    }
    // Below 2^-32 nothing is left; above 2^30 the largest that a shift of 30 gives stands for it.
    if exponent < -31 { (rounded, exponent) = (0, 0) }
    if exponent > 30 { (rounded, exponent) = ((1 << 31) - 1, 30) }
    mantissa = Int32(truncatingIfNeeded: rounded)
    shift = Int32(truncatingIfNeeded: exponent)
  }
}
