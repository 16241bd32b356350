/// A transposed convolution along one axis, as ordinary ones: outputs whose distance is the stride read
/// neighbouring inputs through the same taps.
///
/// Output `o` gets input `i` through tap `t` where `o + before = i · stride + t`. So the outputs with
/// `(o + before) mod stride = phase` take the taps `phase, phase + stride, ...`, from the last to the first,
/// over as many inputs, of which the last is `(o + before) / stride`.
struct TransposedPhases {
  struct Phase: Equatable {
    /// Taps in the order of the inputs that they read; one `nil` where outputs get nothing but the bias.
    var taps: [Int?]
    var firstOutput: Int
    var outputs: Int
    /// The first input that the first output reads; negative when it lies before the input.
    var firstInput: Int
  }

  private(set) var phases: [Phase] = []
  /// Inputs before the first and in all that the phases read.
  private(set) var before = 0
  private(set) var reach = 0

  init(inputs: Int, outputs: Int, kernel: Int, stride: Int, before padding: Int) {
    for phase in 0..<min(stride, outputs + padding) {
      let first = phase >= padding ? phase - padding : (phase - padding) % stride
      let firstOutput = first < 0 ? first + stride : first
      guard firstOutput < outputs else { continue }
      var taps: [Int?] = []
      for tap in Swift.stride(from: phase, to: kernel, by: stride).reversed() { taps.append(tap) }
      if taps.isEmpty { taps.append(nil) }
      phases.append(
        Phase(
          taps: taps, firstOutput: firstOutput, outputs: (outputs - firstOutput - 1) / stride + 1,
          firstInput: (firstOutput + padding) / stride - (taps.count - 1)))
    }
    before = max(0, -(phases.map { $0.firstInput }.min() ?? 0))
    reach = phases.map { before + $0.firstInput + $0.outputs - 1 + $0.taps.count }.max() ?? 0
  }
}
