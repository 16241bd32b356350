/// A positive real factor as TFLite's integer kernels take it: `multiplier · 2^(shift - 31)`, with the
/// multiplier in [2^30, 2^31). A positive shift goes left, a negative one right.
///
/// Every multiplier in an image or a step comes from here. Written with doubles alone and no library function, so that every machine gets the same bits.
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
    // The largest that kernels shift by; nothing real comes near.
    shift = Int32(min(exponent, 30))
  }
}
