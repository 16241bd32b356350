internal import CPosix
internal import ModelFormat

/// When work is large enough to be shared.
///
/// To hand work over and to wait for it takes 0.5 to 1 us on x86 and 1 to 3 us on a Pi's cores while the helpers
/// look for work, and some 50 us when they have to wake. Shared work should take ten times that on one thread.
/// The figures are what one thread multiplies in that time; they follow from MACs a cycle (matrix-vector
/// products with weights in the second-level cache) and the clock:
///
/// | class | MAC/cycle | GHz | share above |
/// | --- | --- | --- | --- |
/// | x86_64 (Zen 4, measured) | f32 8, int8 64 | 3.5 | 2^18 |
/// | AArch64 (A53 to A76) | f32 2-4, int8 3-24 | 1.2-2.4 | 2^16 |
/// | ARMv7 (A7 to A72) | f32 1-4, int8 2-6 | 0.9-1.5 | 2^15 |
/// | ARMv6 | one core | | never |
enum ThreadThreshold {
  /// Multiply-accumulates of one step above which it is shared.
  static func macs(on deviceClass: DeviceClass) -> Int {
    switch deviceClass {
    case .x86AVX2: 1 << 18
    case .aarch64NEON: 1 << 16
    case .armv7NEON: 1 << 15
    case .generic: 1 << 18
    case .armv6: .max
    }
  }
}

extension Image {
  /// The threads that its layers can use: as many as there are cores, up to the four of a Pi.
  var usefulThreads: Int {
    let threshold = UInt64(ThreadThreshold.macs(on: deviceClass))
    let isLarge = graph.nodes.contains { graph.macs(of: $0) >= threshold }
    return isLarge ? min(Int(bp_core_count()), 4) : 1
  }
}
