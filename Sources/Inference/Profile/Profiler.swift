internal import CKernels
internal import CPosix
internal import ModelFormat

/// Runs an image and tells where the time goes. The ordinary way through ``Interpreter`` knows nothing of it.
public struct Profiler {
  /// Runs at most, and times at most that are kept until they are summed up.
  public static let mostRuns = 10_000
  static let mostTimes = 1 << 20

  private let interpreter: Interpreter
  private let layers: [LayerProfile]
  private let weightBytes: UInt64

  /// - Parameters:
  ///   - image: must outlive the profiler, as with ``Interpreter``.
  ///   - threads: as with ``Interpreter``.
  public init(image: UnsafeRawBufferPointer, threads: Int? = 1) throws(InferenceError) {
    let (decoded, blobs) = try Image.read(image)
    interpreter = try Interpreter(decoded, blobs: blobs, threads: threads)
    layers = LayerDescriber(decoded, blobs).layers
    weightBytes = blobs.reduce(0) { $0 + UInt64($1.count) }
  }

  /// Measures `runs` runs, fewer when `limit` nanoseconds are over before, and at least one.
  ///
  /// Between them run as many ordinary ones, so that what measuring costs shows. The inputs are fixed
  /// random numbers from -1 to 1; integer inputs other than int8 are zeros.
  public func profile(
    runs: Int, limit: UInt64 = 10_000_000_000
  ) throws(InferenceError) -> InferenceProfile {
    let most = max(1, min(runs, Self.mostRuns, Self.mostTimes / max(layers.count, 1)))
    let input = sample()
    var output = [UInt8](
      repeating: 0, count: interpreter.outputs.reduce(0) { $0 + $1.byteCount })
    var ends = [UInt64](repeating: 0, count: layers.count)
    var times: [[UInt64]] = layers.map { _ in [] }
    var whole: [UInt64] = []
    var ordinary: [UInt64] = []
    let kernels = try kernelNames(input, &output)
    let began = bp_nanoseconds()
    while whole.isEmpty || whole.count < most && bp_nanoseconds() - began < limit {
      let start = bp_nanoseconds()
      let first = try measured(input, &output, &ends)
      whole.append(bp_nanoseconds() - start)
      var before = first
      for index in layers.indices {
        times[index].append(ends[index] - before)
        before = ends[index]
      }
      let again = bp_nanoseconds()
      try interpreter.run(input: input, output: &output)
      ordinary.append(bp_nanoseconds() - again)
    }
    var measuredLayers = layers
    for index in layers.indices {
      measuredLayers[index].kernel = kernels[index]
      measuredLayers[index].total = times[index].reduce(0, +)
      measuredLayers[index].median = median(&times[index])
    }
    let count = whole.count
    return InferenceProfile(
      deviceClass: interpreter.deviceClass.name,
      kernels: text(interpreter.execution.kernels.pointee.name),
      threads: UInt64(interpreter.threads), runs: UInt64(count), frequency: bp_core_frequency(),
      latency: median(&ordinary), median: median(&whole),
      total: whole.reduce(0, +), weightBytes: weightBytes,
      arenaBytes: UInt64(interpreter.arenaBytes), layers: measuredLayers)
  }

  /// One run step by step; returns when its first step began.
  private func measured(
    _ input: [UInt8], _ output: inout [UInt8], _ ends: inout [UInt64]
  ) throws(InferenceError) -> UInt64 {
    try withBytes(input, &output) { from, to throws(InferenceError) in
      try ends.withUnsafeMutableBufferPointer { ends throws(InferenceError) in
        try interpreter.run(input: from, output: to, ends: ends)
      }
    }
  }

  private func kernelNames(
    _ input: [UInt8], _ output: inout [UInt8]
  ) throws(InferenceError) -> [String] {
    try withBytes(input, &output) { from, to throws(InferenceError) in
      try interpreter.kernelNames(input: from, output: to)
    }
  }

  private func withBytes<Result>(
    _ input: [UInt8], _ output: inout [UInt8],
    _ body: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) throws(InferenceError) -> Result
  ) throws(InferenceError) -> Result {
    try input.withUnsafeBufferPointer { from throws(InferenceError) in
      try output.withUnsafeMutableBufferPointer { to throws(InferenceError) in
        try body(UnsafeRawBufferPointer(from), UnsafeMutableRawBufferPointer(to))
      }
    }
  }

  private func sample() -> [UInt8] {
    var bytes: [UInt8] = []
    var state: UInt32 = 2_463_534_242
    for spec in interpreter.inputs {
      for _ in 0..<spec.byteCount / spec.type.size {
        state ^= state << 13
        state ^= state >> 17
        state ^= state << 5
        let unit = Float(Int32(bitPattern: state) >> 8) / Float(1 << 23)
        let bits: UInt32 =
          switch spec.type {
          case .float32: unit.bitPattern
          case .int8: state
          default: 0
          }
        for byte in 0..<spec.type.size {
          bytes.append(byte < 4 ? UInt8(truncatingIfNeeded: bits >> UInt32(8 * byte)) : 0)
        }
      }
    }
    return bytes
  }

  private func median(_ times: inout [UInt64]) -> UInt64 {
    times.sort()
    return times.isEmpty ? 0 : times[times.count / 2]
  }
}

/// The text of a C string.
func text(_ characters: UnsafePointer<CChar>) -> String {
  var bytes: [UInt8] = []
  var next = characters
  while next.pointee != 0 {
    bytes.append(UInt8(bitPattern: next.pointee))
    next += 1
  }
  return String(decoding: bytes, as: UTF8.self)
}
