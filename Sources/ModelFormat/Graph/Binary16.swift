/// IEEE 754 binary16 ("float16") from and to single precision, rounding to nearest, ties to even. Written with
/// integers: the type itself is missing on x86-64 and on 32-bit ARM.
public enum Binary16 {
  /// The bits of the half-precision number nearest to `number`; beyond 65504 infinity, NaN stays a (quiet) NaN.
  public static func bits(_ number: Float) -> UInt16 {
    let pattern = number.bitPattern
    let sign = UInt16(truncatingIfNeeded: pattern >> 16) & 0x8000
    let magnitude = pattern & 0x7fff_ffff
    if magnitude > 0x7f80_0000 {
      return sign | 0x7e00 | UInt16(truncatingIfNeeded: magnitude >> 13) & 0x3ff
    }
    // 65520 and above is nearer to infinity than to 65504.
    if magnitude >= 0x477f_f000 { return sign | 0x7c00 }
    if magnitude >= 0x3880_0000 {
      let rebased = magnitude - (112 << 23)
      return sign | UInt16(truncatingIfNeeded: roundedToEven(rebased, dropping: 13))
    }
    // Subnormal: count in units of 2^-24. Below 2^-25 there is nothing left.
    let exponent = magnitude >> 23
    guard exponent >= 102 else { return sign }
    let significand = magnitude & 0x7f_ffff | 0x80_0000
    return sign | UInt16(truncatingIfNeeded: roundedToEven(significand, dropping: 126 - exponent))
  }

  /// The number that `bits` stand for, exactly.
  public static func number(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 31
    let fraction = UInt32(bits & 0x3ff)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return Float(bitPattern: magnitude.bitPattern | sign)
    case 31: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  private static func roundedToEven(_ value: UInt32, dropping count: UInt32) -> UInt32 {
    let kept = value >> count
    let half: UInt32 = 1 << (count - 1)
    let rest = value & ((1 << count) - 1)
    return rest > half || (rest == half && kept & 1 == 1) ? kept + 1 : kept
  }
}
