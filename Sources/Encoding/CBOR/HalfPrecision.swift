/// IEEE 754 binary16, as CBOR's shortest float needs it. Written with integers: half-precision types are missing on
/// x86-64 and 32-bit ARM.
enum HalfPrecision {
  /// The bits of `number` when binary16 holds it exactly; every NaN gives the quiet one, `0x7e00`.
  static func bits(exactly number: Double) -> UInt16? {
    if number.isNaN { return 0x7e00 }
    let pattern = number.bitPattern
    let sign = UInt16(truncatingIfNeeded: pattern >> 48) & 0x8000
    if number == 0 { return sign }
    if number.isInfinite { return sign | 0x7c00 }
    let exponent = Int(truncatingIfNeeded: (pattern >> 52) & 0x7ff) - 1023
    let fraction = pattern & ((1 << 52) - 1)
    guard exponent >= -24, exponent <= 15 else { return nil }
    if exponent >= -14 {
      guard fraction & ((1 << 42) - 1) == 0 else { return nil }
      return sign | UInt16(exponent + 15) << 10 | UInt16(truncatingIfNeeded: fraction >> 42)
    }
    // Subnormal: the implicit one moves into the fraction.
    let shift = UInt64(28 - exponent)
    let significand = fraction | 1 << 52
    guard significand & ((1 << shift) - 1) == 0 else { return nil }
    return sign | UInt16(truncatingIfNeeded: significand >> shift)
  }

  /// The number that `bits` stand for.
  static func number(_ bits: UInt16) -> Double {
    let exponent = Int(bits >> 10) & 31
    let fraction = Double(bits & 0x3ff)
    let magnitude: Double
    switch exponent {
    case 0: magnitude = fraction * 0x1p-24
    case 31: magnitude = bits & 0x3ff == 0 ? .infinity : .nan
    default: magnitude = Double(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
    }
    return bits & 0x8000 == 0 ? magnitude : -magnitude
  }
}
