import ModelFormat
import Testing

@testable import Importers

@Suite("Import of single operators")
struct OperatorImportTests {
  private func graph(_ file: TFLiteFixture) throws -> Graph {
    try TFLiteImporter.graph(from: file.bytes(), file: "models/small.tflite")
  }

  private func refusal(of file: TFLiteFixture) -> ImportError? {
    do throws(ImportError) {
      _ = try TFLiteImporter.graph(from: file.bytes(), file: "models/small.tflite")
      return nil
    } catch {
      return error
    }
  }

  private func dense(batch: Int32, signature: [Int32]? = nil, tail: Bool = false) -> TFLiteFixture {
    var file = TFLiteFixture()
    file.usesTail = tail
    let x = file.tensor("x", [batch, 3], signature: signature)
    let w = file.floats("w", [2, 3], [1, 2, 3, 4, 5, 6])
    let b = file.floats("b", [2], [0.5, -0.5])
    let y = file.tensor("y", [batch, 2], signature: signature.map { [$0[0], 2] })
    file.add("FULLY_CONNECTED", [x, w, b], [y], options: (8, [0: .uint8(1)]))
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = [y]
    return file
  }

  @Test("A dense layer keeps weights, bias and activation")
  func denseLayer() throws {
    let graph = try graph(dense(batch: 1))
    #expect(graph.name == "small")
    #expect(graph.nodes.count == 1)
    #expect(graph.nodes[0].operation == .dense(activation: .relu))
    let weights = graph[try #require(graph.nodes[0].inputs[1])]
    #expect(weights.shape == [2, 3])
    #expect(weights.data == [Float](arrayLiteral: 1, 2, 3, 4, 5, 6).littleEndianBytes)
    #expect(graph[graph.inputs[0]].name == "x")
    #expect(graph[graph.outputs[0]].shape == [1, 2])
  }

  @Test("Constants behind the tables are found by their file offset")
  func dataPastTheTables() throws {
    let plain = try graph(dense(batch: 1))
    #expect(try graph(dense(batch: 1, tail: true)) == plain)
    var cut = dense(batch: 1, tail: true).bytes()
    cut.removeLast()
    #expect(throws: ImportError.self) {
      try TFLiteImporter.graph(from: cut, file: "cut.tflite")
    }
  }

  @Test("A free batch becomes 1; any other free extent is refused")
  func freeExtents() throws {
    let graph = try graph(dense(batch: 1, signature: [-1, 3]))
    #expect(graph[graph.inputs[0]].shape == [1, 3])
    let problem = refusal(of: dense(batch: 1, signature: [1, -1]))?.problem
    guard case .unsupported(let what, let advice)? = problem else {
      Issue.record("expected a refusal, got \(String(describing: problem))")
      return
    }
    #expect(what.contains("'x'"))
    #expect(advice.contains("fixed extents"))
  }

  @Test(
    "Inputs without elements or beyond any memory are refused by name",
    arguments: [
      ([1, 0] as [Int32], "no elements"), ([0, 3], "no elements"),
      ([65536, 65536], "memory"), ([1 << 30, 1 << 30], "memory"),
    ])
  func extentsThatCannotBe(_ shape: [Int32], _ reason: String) throws {
    var file = TFLiteFixture()
    let x = file.tensor("x", shape)
    let y = file.tensor("y", shape)
    file.add("TANH", [x], [y])
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = [y]
    let error = try #require(refusal(of: file))
    #expect(error.description.contains("input 'x'") && error.description.contains(reason))
  }

  @Test("A form that no kernel computes is refused with its layer, and the file is not blamed")
  func formsWithoutKernel() throws {
    var file = TFLiteFixture()
    let x = file.tensor("x", [1, 4], type: TFLiteFixture.int8, scales: [0.1], zeros: [0])
    let y = file.tensor("layer/y", [1, 4], type: TFLiteFixture.int8, scales: [0.1], zeros: [0])
    file.add("SQUARE", [x], [y])
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = [y]
    guard case .unsupported(let what, _)? = refusal(of: file)?.problem else {
      Issue.record("expected a refusal")
      return
    }
    #expect(what.contains("square layer/y") && what.contains("int8"))
  }

  @Test("Shape arithmetic over a free batch folds into one reshape")
  func shapeArithmetic() throws {
    var file = TFLiteFixture()
    let x = file.tensor("x", [1, 4, 6], signature: [-1, 4, 6])
    let shape = file.tensor("shape", [3], type: TFLiteFixture.int32)
    let zero = file.integers("0", [1], [0])
    let one = file.integers("1", [1], [1])
    let batch = file.tensor("batch", [], type: TFLiteFixture.int32)
    let width = file.integers("width", [], [24])
    let target = file.tensor("target", [2], type: TFLiteFixture.int32)
    let y = file.tensor("y", [1, 24], signature: [-1, 24])
    file.add("SHAPE", [x], [shape])
    file.add("STRIDED_SLICE", [shape, zero, one, one], [batch], options: (32, [4: .int32(1)]))
    file.add("PACK", [batch, width], [target], options: (59, [0: .int32(2)]))
    file.add("RESHAPE", [x, target], [y])
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = [y]
    let graph = try graph(file)
    #expect(graph.nodes.map(\.operation) == [.reshape])
    #expect(graph.tensors.count == 2)
  }

  @Test("SAME padding is resolved, the odd row going behind")
  func samePadding() throws {
    var file = TFLiteFixture()
    let x = file.tensor("x", [1, 1, 64, 6])
    let w = file.floats("w", [8, 1, 4, 6], Array(repeating: 0.25, count: 192))
    let y = file.tensor("y", [1, 1, 32, 8])
    file.add("CONV_2D", [x, w, -1], [y], options: (1, [1: .int32(2), 2: .int32(1)]))
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = [y]
    guard case .convolution2D(let convolution) = try graph(file).nodes[0].operation else {
      Issue.record("not a convolution")
      return
    }
    #expect(convolution.padding == Padding2D(top: 0, bottom: 0, left: 1, right: 1))
    #expect(Geometry.odd == Padding2D(top: 0, bottom: 0, left: 1, right: 2))
  }

  @Test("A product with a constant matrix becomes a dense layer with transposed weights")
  func constantProduct() throws {
    var file = TFLiteFixture()
    let x = file.tensor("x", [1, 5, 2])
    let w = file.floats("w", [2, 3], [1, 2, 3, 4, 5, 6])
    let y = file.tensor("y", [1, 5, 3])
    file.add("BATCH_MATMUL", [x, w], [y], options: (101, [:]))
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = [y]
    let graph = try graph(file)
    #expect(graph.nodes.map(\.operation) == [.dense(activation: .none)])
    let weights = graph[try #require(graph.nodes[0].inputs[1])]
    #expect(weights.shape == [3, 2])
    #expect(weights.data == [Float](arrayLiteral: 1, 4, 2, 5, 3, 6).littleEndianBytes)
  }

  @Test("int8 weights with one scale get it for each channel; float16 constants stay float16")
  func compressedWeights() throws {
    var file = TFLiteFixture()
    let x = file.tensor("x", [1, 2])
    let w = file.tensor(
      "w", [3, 2], type: TFLiteFixture.int8, data: [1, 2, 3, 4, 5, 6], scales: [0.5])
    let hidden = file.tensor("hidden", [1, 3])
    let half = file.tensor(
      "half", [1, 3], type: TFLiteFixture.float16, data: [0, 0x3C, 0, 0x40, 0, 0x42])
    let wide = file.tensor("wide", [1, 3])
    let y = file.tensor("y", [1, 1])
    file.add("DEQUANTIZE", [half], [wide])
    file.add("FULLY_CONNECTED", [x, w, -1], [hidden], options: (8, [:]))
    file.add("FULLY_CONNECTED", [hidden, wide, -1], [y], options: (8, [:]))
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = [y]
    let graph = try graph(file)
    #expect(graph.nodes.count == 2)
    let first = graph[try #require(graph.nodes[0].inputs[1])]
    #expect(first.type == .int8)
    #expect(
      first.quantization
        == Quantization(scales: [0.5, 0.5, 0.5], zeroPoints: [0, 0, 0], axis: 0))
    #expect(graph[try #require(graph.nodes[1].inputs[1])].type == .float16)
  }

  @Test("What is not supported is refused, naming file, operator and node")
  func refusals() throws {
    for (kind, shown) in [("CUMSUM", "CUMSUM"), ("FlexSin", "FlexSin"), ("Mine", "CUSTOM 'Mine'")] {
      var file = dense(batch: 1)
      let y = file.tensor("layers/last", [1, 2])
      file.add(kind, [3], [y])
      file.subgraphs[0].outputs = [y]
      let error = try #require(refusal(of: file))
      #expect(error.file == "models/small.tflite")
      #expect(error.node?.index == 1)
      #expect(error.node?.name == "layers/last")
      #expect(error.description.contains(shown))
      guard case .unsupported = error.problem else {
        Issue.record("\(kind): \(error.problem)")
        continue
      }
    }
  }

  @Test("Activations of 16 bits are refused with the way out")
  func wideActivations() throws {
    var file = TFLiteFixture()
    let x = file.tensor("x", [1, 2], type: TFLiteFixture.int16, scales: [0.1])
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = [x]
    let error = try #require(refusal(of: file))
    #expect(error.description.contains("input 'x' is int16"))
    #expect(error.description.contains("convert the model with int8 activations"))
  }

  @Test("Shapes that contradict each other are refused")
  func contradictions() throws {
    var file = dense(batch: 1)
    let y = file.tensor("y2", [1, 7])
    file.add("TANH", [3], [y])
    file.subgraphs[0].outputs = [y]
    let error = try #require(refusal(of: file))
    guard case .inconsistent(let reason) = error.problem else {
      Issue.record("\(error)")
      return
    }
    #expect(reason.contains("[1, 7]") && reason.contains("[1, 2]"))
  }
}

extension Geometry {
  /// A window of 5 moved by 2 over 64 columns: 3 columns of padding in all.
  fileprivate static var odd: Padding2D? {
    Geometry(
      same: true, stride: Extent2D(height: 1, width: 2), dilation: Extent2D(height: 1, width: 1)
    ).output(of: Extent2D(height: 1, width: 64), kernel: Extent2D(height: 1, width: 5))?.1
  }
}
