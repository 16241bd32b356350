import Inference
import ModelFormat
import Testing

@testable import Importers

/// Scales and zero points of int8 files: kept as they are, or refused with layer and tensor.
struct QuantizationImportTests {
  /// x [1, 4] -> LOGISTIC -> y, both int8.
  private func logistic(
    x: (scales: [Float]?, zeros: [Int64]?) = ([0.5], [-3]),
    y: (scales: [Float]?, zeros: [Int64]?) = ([1 / 256], [-128]), type: UInt8 = TFLiteFixture.int8
  ) -> TFLiteFixture {
    var file = TFLiteFixture()
    let input = file.tensor("x", [1, 4], type: type, scales: x.scales, zeros: x.zeros)
    let output = file.tensor(
      "layer/gate", [1, 4], type: TFLiteFixture.int8, scales: y.scales, zeros: y.zeros)
    file.add("LOGISTIC", [input], [output])
    file.subgraphs[0].inputs = [input]
    file.subgraphs[0].outputs = [output]
    return file
  }

  private func imported(_ file: TFLiteFixture) throws -> Graph {
    try TFLiteImporter.graph(from: file.bytes(), file: "small.tflite")
  }

  @Test("Inputs and outputs keep their scale and zero point; uint8 moves down by 128")
  func kept() throws {
    let graph = try imported(logistic())
    #expect(graph.tensors.map(\.type) == [.int8, .int8])
    #expect(
      graph[graph.inputs[0]].quantization == Quantization(scales: [0.5], zeroPoints: [-3]))
    let moved = try imported(logistic(x: ([0.5], [125]), type: TFLiteFixture.uint8))
    #expect(moved[moved.inputs[0]] == graph[graph.inputs[0]])
  }

  @Test(
    "Damaged quantization is refused, naming the tensor of the input or the layer of the output")
  func damaged() throws {
    let broken: [(scales: [Float]?, zeros: [Int64]?, says: String)] = [
      (nil, nil, "no scale"), ([0], [0], "scale 0.0"), ([-1], [0], "scale -1.0"),
      ([.nan], [0], "scale nan"), ([.infinity], [0], "scale inf"),
      ([0.5], [128], "zero point 128"), ([0.5], [-129], "zero point -129"),
      ([0.5, 0.5], [0, 0], "2 scales"),
    ]
    for (scales, zeros, says) in broken {
      let atInput = #expect(throws: ImportError.self, "\(says)") {
        try imported(logistic(x: (scales, zeros)))
      }
      #expect(atInput?.description.contains("input 'x'") == true)
      #expect(atInput?.description.contains(says) == true, "\(String(describing: atInput))")
      let atLayer = #expect(throws: ImportError.self, "\(says)") {
        try imported(logistic(y: (scales, zeros)))
      }
      #expect(atLayer?.node?.name == "layer/gate")
      #expect(atLayer?.description.contains(says) == true, "\(String(describing: atLayer))")
    }
  }

  @Test("A quantization that the operator never has is refused")
  func fixedOutputs() throws {
    let error = #expect(throws: ImportError.self) { try imported(logistic(y: ([0.01], [0]))) }
    #expect(error?.description.contains("layer/gate") == true)
    #expect(error?.description.contains("zero point -128") == true)
  }

  @Test("Float32 at the door: rounded half away from zero, clamped, and given back in reals")
  func floatDoor() throws {
    var file = TFLiteFixture()
    let x = file.tensor("x", [1, 8], type: TFLiteFixture.int8, scales: [0.5], zeros: [-3])
    let y = file.tensor("y", [1, 8], type: TFLiteFixture.int8, scales: [0.5], zeros: [-3])
    file.add("RELU_N1_TO_1", [x], [y])
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = [y]
    let image = try ImageBuilder.image(of: imported(file), for: .current)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: image.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: image)
    let interpreter = try Interpreter(image: UnsafeRawBufferPointer(memory))
    #expect(interpreter.floatInputBytes == 32)
    #expect(interpreter.inputs[0].byteCount == 8)

    func run(_ input: [Float]) throws -> [Float] {
      var output = [Float](repeating: .nan, count: 8)
      try input.withUnsafeBytes { input in
        try output.withUnsafeMutableBytes { try interpreter.run(floats: input, output: $0) }
      }
      return output
    }
    #expect(
      try run([0, 0.25, -0.25, 0.24, 0.75, -0.75, 1e30, -1e30])
        == [0, 0.5, -0.5, 0, 1, -1, 1, -1])
    #expect(throws: InferenceError.notFinite(tensor: "x", position: 2)) {
      try run([0, 0, .nan, 0, 0, 0, 0, 0])
    }
    #expect(throws: InferenceError.self) { try run([0]) }
  }
}
