internal import CPosix
internal import ModelFormat

/// How much work a step must have to be shared, by what it does.
///
/// To hand work to a helper that looks for it and to wait for it takes 0.2 us on x86, and a layer whose threads meet
/// at every step loses 0.07 us at each. With operands in both cores' caches two threads are faster from 0.5 us on;
/// the figures ask for twice that, as in a network the other core has what is read. Measured with each kernel over
/// sizes that double, on one thread and on two in turn, medians of 61:
///
/// | x86_64 (Zen 4, 3.5 GHz) | even at | shared from | there alone, on two |
/// | --- | --- | --- | --- |
/// | products in float32, rows | 2^15 MAC | 2^16 | 1.6 us, 1.0 us |
/// | the same, one row | 2^13.5 | 2^15 | 1.2, 0.8 |
/// | products in int8, rows | 2^14.5 | 2^17 | 1.6, 1.0 |
/// | the same, one row | 2^15 | 2^16 | 0.7, 0.5 |
/// | depthwise convolutions, pools | 2^14 taps | 2^15 | 1.1 to 2, 0.8 to 1.2 |
/// | additions, copies (by four bytes) | 2^12.3 values | 2^13 | 0.7 to 0.9, 0.5 to 0.7 |
/// | layer normalization | 2^11 | 2^12 | 0.9, 0.7 |
/// | functions, softmax, additions in int8 | 2^10 | 2^11 | 0.8 to 1.2, 0.6 to 0.8 |
///
/// No Pi was at hand: there a hand-over is taken for 1 to 3 us, shared work for at least ten times that, and the
/// figures follow from what the cores do in a cycle (float32 2 to 4 MAC, int8 3 to 24; one tap; half a value) and
/// their clocks (0.9 to 2.4 GHz). ARMv6 has one core.
struct ThreadThreshold: Equatable {
  /// Multiply-accumulates of a product with float32 and with int8 rows.
  var floatMACs: Int
  var int8MACs: Int
  /// Multiply-accumulates of each step of a recurrent layer.
  var stepMACs: Int
  /// Values that all windows of a spatial operator read.
  var taps: Int
  var elements: Int

  init(floatMACs: Int, int8MACs: Int, stepMACs: Int, taps: Int, elements: Int) {
    (self.floatMACs, self.int8MACs, self.stepMACs) = (floatMACs, int8MACs, stepMACs)
    (self.taps, self.elements) = (taps, elements)
  }

  /// The same for all.
  init(all work: Int) {
    self.init(floatMACs: work, int8MACs: work, stepMACs: work, taps: work, elements: work)
  }

  init(for deviceClass: DeviceClass) {
    switch deviceClass {
    case .x86AVX2:
      self.init(
        floatMACs: 1 << 16, int8MACs: 1 << 17, stepMACs: 1 << 13, taps: 1 << 15,
        elements: 1 << 13)
    case .aarch64NEON:
      self.init(
        floatMACs: 1 << 16, int8MACs: 1 << 16, stepMACs: 1 << 13, taps: 1 << 15,
        elements: 1 << 14)
    case .armv7NEON:
      self.init(
        floatMACs: 1 << 15, int8MACs: 1 << 15, stepMACs: 1 << 12, taps: 1 << 14,
        elements: 1 << 13)
    case .generic: self.init(all: 1 << 18)
    case .armv6: self.init(all: .max)
    }
  }
}

extension Image {
  /// The threads that its layers can use: as many as there are cores, up to the four of a Pi.
  var usefulThreads: Int {
    let threshold = UInt64(ThreadThreshold(for: deviceClass).floatMACs)
    let isLarge = graph.nodes.contains { graph.macs(of: $0) >= threshold }
    return isLarge ? min(Int(bp_core_count()), 4) : 1
  }
}
