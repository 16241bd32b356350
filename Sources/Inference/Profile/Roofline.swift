/// What a core can do at best, by which a layer's time is judged.
///
/// Peaks of MACs a cycle and sizes are the cores' published ones. Bandwidths of the second-level cache are bytes a
/// cycle as commonly measured; those of memory are twice what copying reaches, as a copy reads and writes. They are
/// stated, not measured here, so a share near or a little above 100% says only that nothing is left to gain.
public struct CoreLimits: Equatable, Sendable {
  public var core: String
  /// MACs a cycle of one core.
  public var float32: Double
  public var int8: Double
  /// Bytes of the cache that weights may stay in, and bytes a cycle that one core reads from it.
  public var cacheBytes: UInt64
  public var cacheBytesPerCycle: Double
  /// Bytes a second.
  public var memoryBandwidth: Double

  /// The limits of the core of that name (see `Facts.core`), or for x86-64 of the table of kernels; `nil` where
  /// they are not known.
  public init?(core: String, kernels: String) {
    func limits(
      _ float32: Double, _ int8: Double, _ cacheKilobytes: UInt64, _ perCycle: Double,
      _ gigabytes: Double
    ) -> CoreLimits {
      CoreLimits(
        core: core, float32: float32, int8: int8, cacheBytes: cacheKilobytes << 10,
        cacheBytesPerCycle: perCycle, memoryBandwidth: gigabytes * 1e9)
    }
    switch (core, kernels) {
    // SMLAD; no second-level cache that the core may use.
    case ("arm1176", _): self = limits(1, 2, 16, 4, 0.86)
    case ("cortex-a7", _): self = limits(2, 4, 512, 4, 1.6)
    case ("cortex-a53", _): self = limits(4, 5.3, 512, 8, 2.4)
    case ("cortex-a72", _): self = limits(4, 8, 1024, 12, 5)
    case ("cortex-a76", _): self = limits(8, 32, 512, 24, 12)
    // Two multipliers of 256 bits; VPMADDWD of widened bytes.
    case (_, "avx2"): self = limits(16, 32, 512, 32, 20)
    // Zen 4, which takes two turns for 512 bits; VPDPBUSD. A core with two multipliers of 512 bits can do twice that,
    // and goes beyond 100%.
    case (_, "avx512vnni"): self = limits(16, 64, 1024, 32, 20)
    default: return nil
    }
  }

  private init(
    core: String, float32: Double, int8: Double, cacheBytes: UInt64, cacheBytesPerCycle: Double,
    memoryBandwidth: Double
  ) {
    self.core = core
    self.float32 = float32
    self.int8 = int8
    self.cacheBytes = cacheBytes
    self.cacheBytesPerCycle = cacheBytesPerCycle
    self.memoryBandwidth = memoryBandwidth
  }
}

/// The least time that a layer can take on a core: max(MACs / (f · peak), bytes / bandwidth).
public struct Roofline: Equatable, Sendable {
  public enum Bound: Sendable {
    case compute
    case bandwidth
  }

  /// Nanoseconds.
  public var limit: Double
  public var bound: Bound

  /// `nil` where the core's clock is not known, and for a layer that moves nothing.
  public init?(of layer: LayerProfile, in profile: InferenceProfile, on core: CoreLimits) {
    guard profile.frequency > 0 else { return nil }
    let cyclesPerNanosecond = Double(profile.frequency) * 1e-9
    let threads = Double(max(profile.threads, 1))
    let peak =
      switch layer.arithmetic {
      case .none, .float32, .float16: core.float32
      case .int8, .int4: core.int8
      }
    let compute = Double(layer.macs) / (peak * cyclesPerNanosecond * threads)
    let fromCache = core.cacheBytesPerCycle * cyclesPerNanosecond * threads
    let fromMemory = core.memoryBandwidth * 1e-9
    // Weights stay in the cache from run to run where all of the model fits, and from step to step where the layer does.
    let staysBetweenRuns = profile.weightBytes + profile.arenaBytes <= core.cacheBytes
    let staysWithinRun = layer.weightBytes <= core.cacheBytes
    let first = Double(layer.weightBytes) / (staysBetweenRuns ? fromCache : fromMemory)
    let again = Double(layer.weightTraffic - min(layer.weightBytes, layer.weightTraffic))
    let streamed = first + again / (staysWithinRun ? fromCache : fromMemory)
    let activations = Double(layer.readBytes + layer.writtenBytes) / fromCache
    let bandwidth = streamed + activations
    guard max(compute, bandwidth) > 0 else { return nil }
    limit = max(compute, bandwidth)
    bound = compute >= bandwidth ? .compute : .bandwidth
  }

  /// The share of what the core can do that a layer's median reached, from 0 to about 1.
  public func share(of layer: LayerProfile) -> Double? {
    layer.median > 0 ? limit / Double(layer.median) : nil
  }
}
