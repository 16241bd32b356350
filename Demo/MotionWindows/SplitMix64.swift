/// Sebastiano Vigna's SplitMix64: the same numbers on every machine, from any seed.
///
/// Swift's own generators make no such promise from one release to the next.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A stream of its own for each list of `words`, so that window 7 is the same whether or not
  /// window 6 was made.
  init(_ words: UInt64...) {
    state = 0x6272_616D_626C_6531
    for word in words { state = next() ^ word }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in `[low, high)`.
  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * Double(next() >> 11) * 0x1p-53
  }

  /// Uniform in `0..<count`.
  mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// Normal with mean 0 and deviation 1, as the sum of twelve uniform numbers less six: no
  /// logarithm, hence no difference between one C library and another. Never beyond ±6.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += uniform(0, 1) }
    return sum
  }

  mutating func normal(_ mean: Double, _ deviation: Double) -> Double {
    mean + deviation * normal()
  }
}
