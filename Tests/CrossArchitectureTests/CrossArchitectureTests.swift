import Compression
import Encoding
import Foundation
import Importers
import Inference
import ModelFormat
import Testing

/// The same variant on every core that a Pi may have: the images that the devices make have the controller's bytes, and what they
/// compute agrees with what this machine computes.
@Suite struct CrossArchitectureTests {
  static let models = ["motion-lstm"]
  static let windowCount = 3

  /// Windows like an accelerometer's, the same in every run.
  private static func windows(_ elements: Int) -> [Float] {
    var state: UInt64 = 42
    return (0..<elements * windowCount).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let noise = Float(state >> 40) / Float(1 << 24) - 0.5
      return Float(sin(Double(index) * 0.7)) + 0.5 * noise
    }
  }

  private static func variant(_ model: String, _ recipe: String) throws -> Graph {
    let path = "\(EmulatedCore.repository)/Demo/models/\(model).tflite"
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    return try Recipe(parsing: recipe).apply(to: TFLiteImporter.graph(from: bytes, file: path))
  }

  private func reference(_ graph: Graph, _ windows: [Float]) throws -> [[Float]] {
    let image = try ImageBuilder.image(of: graph, for: DeviceClass.current)
    return try image.withUnsafeBytes { unaligned in
      let aligned = UnsafeMutableRawBufferPointer.allocate(byteCount: image.count, alignment: 64)
      defer { aligned.deallocate() }
      aligned.copyMemory(from: unaligned)
      let interpreter = try Interpreter(image: UnsafeRawBufferPointer(aligned))
      let size = interpreter.inputs[0].byteCount / 4
      return try (0..<Self.windowCount).map { index in
        let input = Array(windows[index * size..<(index + 1) * size])
        var output = [Float](repeating: 0, count: interpreter.outputs[0].byteCount / 4)
        try input.withUnsafeBytes { from in
          try output.withUnsafeMutableBytes { to in try interpreter.run(input: from, output: to) }
        }
        return output
      }
    }
  }

  @Test(arguments: ["float16", "dynamic-int8"], EmulatedCore.emulated)
  func everyCoreAgreesWithThisMachine(recipe: String, core: EmulatedCore) throws {
    if let obstacle = core.obstacle {
      // The emulator may be missing on a developer's machine; CI installs it.
      print("skipped on \(core): \(obstacle)")
      return
    }
    let graph = try Self.variant("motion-lstm", recipe)
    let deviceClass = try #require(DeviceClass(name: core.deviceClass))
    let expectedImage = try ImageBuilder.image(of: graph, for: deviceClass)
    let size = try #require(graph[graph.inputs[0]].shape.elementCount)
    let windows = Self.windows(size)
    let expected = try reference(graph, windows)

    let folder = "/tmp/bramble-cross-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(Package(graph: graph).encode()).write(to: URL(filePath: "\(folder)/package"))
    try windows.withUnsafeBytes { try Data($0).write(to: URL(filePath: "\(folder)/windows.f32")) }
    let report = try core.infer([
      "--package", "\(folder)/package", "--input", "\(folder)/windows.f32",
      "--decision", "argmax(mean(output, over: time))", "--output", "\(folder)/output.f32",
    ])

    let digest = SHA256.digest(of: expectedImage).hex
    #expect(report.hasPrefix("image \(digest) \(core.deviceClass) \(expectedImage.count) bytes\n"))
    let bytes = try Data(contentsOf: URL(filePath: "\(folder)/output.f32"))
    let output = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    let flat = expected.flatMap { $0 }
    #expect(output.count == flat.count)
    let range = try #require(flat.max()) - #require(flat.min())
    let difference = zip(output, flat).map { abs($0 - $1) }.max() ?? .infinity
    #expect(difference <= 1e-3 * range)
    let rule = try DecisionRule(parsing: "argmax(mean(output, over: time))")
    let shape = graph[graph.outputs[0]].shape
    for (index, one) in expected.enumerated() {
      let input = Array(windows[index * size..<(index + 1) * size])
      let label = try #require(rule.label(output: one, input: input, shape: shape))
      #expect(report.contains("window \(index) class \(label)\n"))
    }
  }
}
