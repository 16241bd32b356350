import Foundation
import ModelFormat
import Testing

@testable import Inference

@Suite struct ProfilerTests {
  /// The profile of a graph prepared for `deviceClass`, and the graph as it is prepared.
  private func profile(
    _ graph: Graph, for deviceClass: DeviceClass = .current, runs: Int = 5
  ) throws -> (profile: InferenceProfile, graph: Graph) {
    let bytes = try ImageBuilder.image(of: graph, for: deviceClass)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    let image = UnsafeRawBufferPointer(memory)
    return (
      try Profiler(image: image, threads: 1).profile(runs: runs), try Image.read(image).image.graph
    )
  }

  @Test(arguments: DeviceClass.allCases) func everyStepIsThere(_ deviceClass: DeviceClass) throws {
    let (profile, graph) = try profile(EveryOperator.graph(), for: deviceClass)
    let steps = graph.nodes.indices.filter { !graph.isSkipped(node: $0) }.map { graph.nodes[$0] }
    #expect(profile.layers.map(\.name) == steps.map(\.name))
    #expect(profile.layers.map(\.operation) == steps.map(\.operation.name))
    #expect(profile.layers.map(\.macs) == steps.map { graph.macs(of: $0) })
    #expect(profile.macs == graph.macs)
    #expect(profile.deviceClass == deviceClass.name)
    #expect(profile.threads == 1)
  }

  @Test func timesAddUp() throws {
    let (profile, _) = try profile(EveryOperator.graph(), runs: 20)
    #expect(profile.runs == 20)
    let layers = profile.layers.reduce(0) { $0 + $1.total }
    #expect(layers > 0)
    #expect(layers <= profile.total, "steps lie within their runs and do not overlap")
    #expect(profile.layers.allSatisfy { $0.median * 10 <= $0.total }, "half of them took as long")
    #expect(profile.latency > 0 && profile.median > 0)
  }

  @Test func aLimitOfTimeEndsIt() throws {
    let bytes = try ImageBuilder.image(of: EveryOperator.graph(), for: .current)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    let profiler = try Profiler(image: UnsafeRawBufferPointer(memory))
    #expect(try profiler.profile(runs: 100, limit: 0).runs == 1)
    #expect(try profiler.profile(runs: 0).runs == 1)
    #expect(try profiler.profile(runs: .max, limit: 1_000_000).runs <= Profiler.mostRuns)
  }

  @Test func kernelsAreThoseThatRan() throws {
    let (profile, _) = try profile(EveryOperator.graph())
    let tables = ["scalar", "avx2", "avx512vnni", "armv6", "neon", "neon_a53", "dotprod"]
    #expect(tables.contains(profile.kernels))
    for layer in profile.layers where layer.kernel != "portable" {
      for kernel in layer.kernel.components(separatedBy: ", ") {
        let parts = kernel.components(separatedBy: "__")
        #expect(parts.count == 2 && parts[0].hasPrefix("bk_"), "\(layer.name): \(kernel)")
        #expect(tables.contains(parts.last ?? ""), "\(layer.name): \(kernel)")
      }
    }
    func kernels(_ operation: String) throws -> [String] {
      let layer = try #require(profile.layers.first { $0.operation == operation })
      return layer.kernel.components(separatedBy: ", ").map {
        $0.components(separatedBy: "__")[0].replacing("bk_", with: "")
      }
    }
    #expect(try kernels("lstm").starts(with: ["f32_quantize_rows", "i8_f32_gemm"]))
    #expect(try kernels("lstm").contains("f32_lstm_step"))
    #expect(try kernels("dense") == ["f32_quantize_rows", "i8_f32_gemm"])
    #expect(try kernels("softmax") == ["f32_softmax"])
    #expect(try kernels("gather") == ["portable"], "the only one of its kind")
    let lstm = try #require(profile.layers.first { $0.operation == "lstm" })
    #expect(lstm.tile == UInt64(DeviceClass.current.tile.int8))
    let convolution = try #require(profile.layers.first { $0.operation == "convolution2D" })
    #expect(convolution.fused == ["relu"])
    let dense = try #require(profile.layers.first { $0.operation == "dense" })
    #expect(dense.arithmetic == .int8)
  }

  @Test func bytesAreThoseOfTheImage() throws {
    let (profile, _) = try profile(EveryOperator.graph())
    let add = try #require(profile.layers.first { $0.operation == "add" })
    #expect(add.readBytes == 2 * 6 * 8 * 4 * 4)
    #expect(add.writtenBytes == 6 * 8 * 4 * 4)
    #expect(add.weightBytes == 0)
    let weights = profile.layers.reduce(0) { $0 + $1.weightBytes }
    #expect(weights == profile.weightBytes, "each blob belongs to one layer")
    let lstm = try #require(profile.layers.first { $0.operation == "lstm" })
    // Twelve steps go through the recurrent matrix of 8 by 32 bytes and what stands beside it.
    #expect(lstm.weightTraffic > lstm.weightBytes + 11 * 8 * 32)
  }

  @Test func whatIsRepeatedIsMultipliedOnce() throws {
    var numbers = Numbers(state: 3)
    var graph = Graph(name: "decoder")
    let input = graph.value([1, 1, 6])
    let repeated = graph.node(.tile(multiples: [1, 9, 1]), [input], [1, 9, 6])
    let output = graph.node(
      .lstm(LSTM()),
      [
        repeated, graph.constant([16, 6], numbers.floats(96)),
        graph.constant([16, 4], numbers.floats(64)), nil,
      ], [1, 9, 4])
    (graph.inputs, graph.outputs) = ([input], [output])
    let (profile, prepared) = try profile(graph)
    #expect(profile.layers.map(\.fused) == [["repeated input"]])
    #expect(profile.macs == 16 * 6 + 9 * 16 * 4)
    #expect(prepared.macs == 9 * 16 * (6 + 4))
  }
}
