import Foundation
import Testing

@testable import BrambleCommands
@testable import Inference

@Suite struct ProfileTests {
  @Test func thisMachineIsMeasuredLayerByLayer() async throws {
    try await Farmyard.with { yard in
      try await yard.addTiny()
      let compressed = await yard.run([
        "compress", "tiny", "--recipe", "float32", "--evaluate", yard.file("windows.npz"),
      ])
      #expect(compressed.status == .success)
      let document = try #require(
        try await yard.json([
          "profile", "tiny@float32", "--runs", "5", "--trace", yard.file("trace.json"),
        ]) as? [String: Any])
      #expect(document["variant"] as? String == "tiny@float32")
      let profile = try #require((document["profiles"] as? [[String: Any]])?.first)
      #expect(
        Set(profile.keys) == [
          "device", "core", "class", "isa", "threads", "runs", "frequency_hz", "latency_ns",
          "profiled_ns", "layers_ns", "macs", "weight_bytes", "arena_bytes", "layers",
        ])
      #expect(profile["device"] is NSNull)
      #expect(profile["runs"] as? Int == 5)
      let layers = try #require(profile["layers"] as? [[String: Any]])
      #expect(layers.map { $0["operator"] as? String } == ["dense", "dense", "softmax"])
      #expect(layers.map { $0["macs"] as? Int } == [12 * 16, 16 * 3, 0])
      let shares = layers.compactMap { $0["share"] as? Double }
      #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
      try checkTrace(yard.file("trace.json"), layers: 3)
      let table = await yard.run(["profile", "tiny@float32", "--runs", "5"])
      #expect(table.output.contains("tiny@float32 on this machine"))
      #expect(table.output.contains("bk_f32_gemm__"))
    }
  }

  /// What https://ui.perfetto.dev asks of a trace: events with phase, process, thread and times that nest.
  private func checkTrace(_ path: String, layers: Int) throws {
    let content = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
    let events = try #require((content as? [String: Any])?["traceEvents"] as? [[String: Any]])
    let complete = events.filter { $0["ph"] as? String == "X" }
    #expect(complete.count == layers + 1)
    #expect(events.filter { $0["ph"] as? String == "M" }.count == 1)
    for event in events {
      #expect(event["name"] is String && event["pid"] is Int && event["tid"] is Int)
    }
    func time(_ event: [String: Any], _ key: String) throws -> Double {
      try #require(event[key] as? Double)
    }
    let whole = try time(complete[0], "dur")
    var end = 0.0
    for event in complete.dropFirst() {
      #expect(abs(try time(event, "ts") - end) < 1e-6)
      end = try time(event, "ts") + time(event, "dur")
    }
    #expect(abs(end - whole) < 1e-6)
  }

  @Test func severalDevicesStandSideBySide() {
    func measured(_ device: String, core: String, median: UInt64) -> DeviceProfile {
      let layer = LayerProfile(
        name: "gates", operation: "lstm", fused: [], kernel: "bk_f32_gemm__neon", tile: 8,
        arithmetic: .float32, macs: 4_000, weightBytes: 16_000, weightTraffic: 16_000,
        readBytes: 40, writtenBytes: 400, median: median, total: median)
      return DeviceProfile(
        device: device, core: core,
        profile: InferenceProfile(
          deviceClass: "aarch64-neon", kernels: "neon", threads: 1, runs: 1,
          frequency: core.isEmpty ? 0 : 1_500_000_000, latency: median, median: median,
          total: median, weightBytes: 16_000, arenaBytes: 800, layers: [layer]))
    }
    let profiles = [
      measured("hall", core: "cortex-a72", median: 2_000),
      measured("shed", core: "", median: 4_000),
    ]
    let text = ProfileReport.text(profiles, variant: "motion@float32")
    #expect(text.contains("motion@float32 on hall: cortex-a72, aarch64-neon, neon, 1.50 GHz"))
    #expect(text.contains("motion@float32 on shed: aarch64-neon, neon, clock not known"))
    #expect(text.contains("the limits of this core are not known"))
    #expect(
      text.hasSuffix(
        """
        #  LAYER  OPERATOR     hall     shed
        0  gates  lstm      2.00 us  4.00 us
        """))
    // 16,440 bytes at 12 bytes a cycle and 1.5 GHz take longer than 4,000 products at 4 a cycle.
    #expect(text.contains("0.91 us     45.7%  bandwidth"))
    let trace = ProfileTrace.json(profiles, of: "motion@float32")
    #expect(trace.text.contains("\"motion@float32 on shed\""))
  }

  @Test func aTraceThatCannotBeWrittenIsAnError() {
    #expect(throws: Failure.self) {
      try ProfileTrace.write([], of: "motion@float32", to: "/no/such/folder/trace.json")
    }
  }
}
