/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): small, seeded, and the
/// same everywhere, so that a failing round can be run again.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In `0..<bound`; small bounds come out even enough.
  public mutating func next(below bound: UInt64) -> UInt64 { next() % bound }

  /// In `[0, 1)`.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
