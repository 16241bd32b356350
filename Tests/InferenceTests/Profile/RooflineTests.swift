import Testing

@testable import Inference

@Suite struct RooflineTests {
  private func layer(_ change: (inout LayerProfile) -> Void) -> LayerProfile {
    var layer = LayerProfile(
      name: "dense", operation: "dense", fused: [], kernel: "", tile: 16, arithmetic: .float32,
      macs: 0, weightBytes: 0, weightTraffic: 0, readBytes: 0, writtenBytes: 0, median: 1000,
      total: 1000)
    change(&layer)
    return layer
  }

  private func profile(
    weights: UInt64 = 0, frequency: UInt64 = 1_000_000_000, threads: UInt64 = 1
  ) -> InferenceProfile {
    InferenceProfile(
      deviceClass: "aarch64-neon", kernels: "neon", threads: threads, runs: 1,
      frequency: frequency, latency: 1, median: 1, total: 1, weightBytes: weights, arenaBytes: 0,
      layers: [])
  }

  @Test func arithmeticIsBoundByThePeak() throws {
    let core = try #require(CoreLimits(core: "cortex-a72", kernels: "neon"))
    let float = layer { $0.macs = 4000 }
    let roofline = try #require(Roofline(of: float, in: profile(), on: core))
    #expect(roofline.limit == 1000)
    #expect(roofline.bound == .compute)
    #expect(roofline.share(of: float) == 1)
    #expect(Roofline(of: float, in: profile(threads: 2), on: core)?.limit == 500)
    let int8 = layer { ($0.macs, $0.arithmetic) = (4000, .int8) }
    #expect(Roofline(of: int8, in: profile(), on: core)?.limit == 500)
    let reached = try #require(int8.macsPerCycle(frequency: 1_000_000_000))
    #expect(abs(reached - 4) < 1e-9)
    #expect(int8.macsPerCycle(frequency: 0) == nil)
  }

  @Test func weightsBeyondTheCacheComeFromMemory() throws {
    let core = try #require(CoreLimits(core: "cortex-a53", kernels: "neon_a53"))
    let streamed = layer { ($0.weightBytes, $0.weightTraffic) = (2_400_000, 2_400_000) }
    let fromMemory = try #require(
      Roofline(of: streamed, in: profile(weights: 2_400_000), on: core))
    #expect(abs(fromMemory.limit - 1_000_000) < 1)
    #expect(fromMemory.bound == .bandwidth)
    // A small recurrent matrix is read from memory once and from the cache at each later step.
    let recurrent = layer { ($0.weightBytes, $0.weightTraffic) = (240_000, 2_640_000) }
    let mixed = try #require(Roofline(of: recurrent, in: profile(weights: 2_400_000), on: core))
    #expect(abs(mixed.limit - (100_000 + 300_000)) < 1)
    let resident = try #require(Roofline(of: recurrent, in: profile(weights: 240_000), on: core))
    #expect(abs(resident.limit - 330_000) < 1)
  }

  @Test func nothingIsClaimedThatIsNotKnown() throws {
    #expect(CoreLimits(core: "arm-part-1", kernels: "neon") == nil)
    #expect(CoreLimits(core: "", kernels: "scalar") == nil)
    let core = try #require(CoreLimits(core: "", kernels: "avx2"))
    #expect(Roofline(of: layer { $0.macs = 1 }, in: profile(frequency: 0), on: core) == nil)
    #expect(Roofline(of: layer { _ in }, in: profile(), on: core) == nil)
  }
}
