/// Where the time of a model's runs went, step by step, on one core type with one table of kernels.
public struct InferenceProfile: Equatable, Sendable {
  /// The class that the image was made for, and the table of kernels that ran it.
  public var deviceClass: String
  public var kernels: String
  /// Threads that a step may use.
  public var threads: UInt64
  /// Runs that were measured step by step; as many ordinary ones ran between them.
  public var runs: UInt64
  /// Hertz, measured after the runs; 0 where it is not known.
  public var frequency: UInt64
  /// The median of the ordinary runs, and of those that were measured step by step, in nanoseconds.
  public var latency: UInt64
  public var median: UInt64
  /// Nanoseconds of all runs that were measured step by step.
  public var total: UInt64
  /// Bytes of all weights, and of the working memory.
  public var weightBytes: UInt64
  public var arenaBytes: UInt64
  public var layers: [LayerProfile]

  /// The steps' medians together.
  public var layerTime: UInt64 { layers.reduce(0) { $0 + $1.median } }
  public var macs: UInt64 { layers.reduce(0) { $0 + $1.macs } }
}

/// One step of a prepared model: what it is, what it takes, and how long it took.
public struct LayerProfile: Equatable, Sendable {
  /// What a layer's multiplications are made of.
  public enum Arithmetic: UInt8, Sendable, CaseIterable {
    case none = 0
    case float32 = 1
    /// Binary16 weights, widened before use.
    case float16 = 2
    case int8 = 3
    /// 4-bit weights, multiplied as int8.
    case int4 = 4
  }

  public var name: String
  /// The operator's name, as ``ModelFormat/Operator`` has it.
  public var operation: String
  /// What was fused into the step.
  public var fused: [String]
  /// The functions that the step calls, such as `bk_i8_f32_gemm__dotprod`, joined by commas.
  public var kernel: String
  /// Output channels that stand side by side in its packed weights; 0 where none are packed.
  public var tile: UInt64
  public var arithmetic: Arithmetic
  /// Multiplications with accumulation in one run.
  public var macs: UInt64
  /// Bytes of its weights as they are stored in the image.
  public var weightBytes: UInt64
  /// Bytes of weights that one run reads: a recurrent layer goes through them at every step.
  public var weightTraffic: UInt64
  /// Bytes of activations.
  public var readBytes: UInt64
  public var writtenBytes: UInt64
  /// Nanoseconds: the median of the runs, and their sum.
  public var median: UInt64 = 0
  public var total: UInt64 = 0

  /// MACs a cycle of a core at `frequency` hertz; `nil` where there are none or the clock is not known.
  public func macsPerCycle(frequency: UInt64) -> Double? {
    guard macs > 0, median > 0, frequency > 0 else { return nil }
    return Double(macs) / (Double(median) * 1e-9 * Double(frequency))
  }
}
