import Compression
import Foundation
import Importers
import ModelFormat
import Testing

/// `bramble-agent infer` with networks and inputs that cannot be: one line that names what is wrong, and no prediction.
@Suite struct InferRefusalTests {
  private static let core = EmulatedCore.host

  /// What the agent says of `input` and `graph`; `nil` where it predicts.
  private func complaint(_ graph: Graph, _ input: Data, name: String = "windows.f32") throws
    -> String?
  {
    let folder = "/tmp/bramble-infer-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(Package(graph: graph).encode()).write(to: URL(filePath: "\(folder)/package"))
    try input.write(to: URL(filePath: "\(folder)/\(name)"))
    do {
      _ = try Self.core.infer([
        "--package", "\(folder)/package", "--input", "\(folder)/\(name)",
      ])
      return nil
    } catch let failure as EmulatedCore.Failure {
      #expect(!failure.text.contains("window 0 class"), "something ran before the refusal")
      return failure.text
    }
  }

  private func network() throws -> Graph {
    let path = "\(EmulatedCore.repository)/Demo/models/motion-lstm.tflite"
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    return try Recipe(parsing: "dynamic-int8").apply(
      to: TFLiteImporter.graph(from: bytes, file: path))
  }

  private func data(_ values: [Float]) -> Data { values.withUnsafeBytes { Data($0) } }

  @Test func inputsThatAreNone() throws {
    if let obstacle = Self.core.obstacle {
      print("skipped: \(obstacle)")
      return
    }
    let graph = try network()
    let input = graph[graph.inputs[0]]
    let size = try #require(input.shape.elementCount)
    let zeros = [Float](repeating: 0, count: 2 * size)
    #expect(try complaint(graph, data(zeros)) == nil)
    for (value, place) in [(Float.nan, 5), (.infinity, size + 7), (-.infinity, 2 * size - 1)] {
      var values = zeros
      values[place] = value
      let text = try #require(try complaint(graph, data(values)))
      #expect(text.contains("'\(input.name)'"))
      #expect(text.contains("window \(place / size) at position \(place % size)"))
    }
    for count in [0, 1, size - 1, size + 1] {
      let values = [Float](repeating: 0, count: count)
      let text = try #require(try complaint(graph, data(values)))
      #expect(text.contains("'\(input.name)'") && text.contains("\(4 * size)"))
    }
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, \(size)), }\n"
    var doubles = Data([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, UInt8(header.utf8.count), 0])
    doubles.append(Data(header.utf8))
    doubles.append(data(zeros + zeros))
    let text = try #require(try complaint(graph, doubles, name: "doubles.npy"))
    #expect(text.contains("float32"))
  }

  @Test func networksThatCannotRun() throws {
    if let obstacle = Self.core.obstacle {
      print("skipped: \(obstacle)")
      return
    }
    let input = data([0, 0, 0, 0])
    func graph(_ operation: Operator, _ x: Shape, _ y: Shape, int8: Bool = false) -> Graph {
      var graph = Graph(name: "bad")
      let scale = int8 ? Quantization(scales: [0.5], zeroPoints: [0]) : nil
      let type: ElementType = int8 ? .int8 : .float32
      graph.inputs = [
        graph.add(Tensor(name: "tensor-x", shape: x, type: type, quantization: scale))
      ]
      graph.outputs = [
        graph.add(Tensor(name: "tensor-y", shape: y, type: type, quantization: scale))
      ]
      graph.nodes = [
        Node(name: "layer", operation: operation, inputs: graph.inputs, outputs: graph.outputs)
      ]
      return graph
    }
    let bad: [(Graph, [String])] = [
      (graph(.unary(.relu), [1, 4], [1, 5]), ["layer", "tensor-y"]),
      (graph(.unary(.relu), [1, 0], [1, 0]), ["tensors[0].shape[1]", "range"]),
      (graph(.tile(multiples: [1 << 24, 1]), [1, 6], [1 << 24, 6]), ["layer", "tensor-y"]),
      (graph(.leakyReLU(alpha: -1), [1, 4], [1, 4], int8: true), ["layer", "tensor-y"]),
      (graph(.unary(.square), [1, 4], [1, 4], int8: true), ["layer", "int8"]),
    ]
    for (graph, names) in bad {
      let text = try #require(try complaint(graph, input))
      for name in names { #expect(text.contains(name), "\(text)") }
    }
  }
}
