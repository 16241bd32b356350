import ModelFormat
import Testing

@testable import Inference

/// What cannot be computed is refused while the image is made, and the message names layer and tensor.
@Suite struct GraphErrorTests {
  private func refusal(of graph: Graph) -> InferenceError? {
    do throws(InferenceError) {
      _ = try ImageBuilder.image(of: graph, for: .current)
      return nil
    } catch {
      return error
    }
  }

  /// A graph of one node called "layer" over tensors called "x" and writing "y".
  private func graph(
    _ operation: Operator, _ inputs: [Shape], _ output: Shape, _ quantization: Quantization? = nil
  ) -> Graph {
    var graph = Graph(name: "bad")
    let type: ElementType = quantization == nil ? .float32 : .int8
    graph.inputs = inputs.map {
      graph.add(Tensor(name: "x", shape: $0, type: type, quantization: quantization))
    }
    graph.outputs = [
      graph.add(Tensor(name: "y", shape: output, type: type, quantization: quantization))
    ]
    graph.nodes = [
      Node(name: "layer", operation: operation, inputs: graph.inputs, outputs: graph.outputs)
    ]
    return graph
  }

  @Test func shapesThatDoNotFit() throws {
    let resize = Resize2D(kind: .nearest, alignsCorners: false, centersPixels: false)
    let bad = [
      graph(.layerNormalization(epsilon: 0.1), [[2, 8], [7]], [2, 8]),
      graph(
        .attention(Attention(heads: 3, scale: 1)), [[1, 4, 8], [1, 4, 8], [1, 4, 8]], [1, 4, 8]),
      graph(
        .attention(Attention(heads: 2, scale: 1)), [[1, 4, 8], [1, 5, 8], [1, 4, 8]], [1, 4, 8]),
      graph(.attention(Attention(heads: 2, scale: -1)), [[1, 4, 24]], [1, 4, 8]),
      graph(.select, [[2, 1], [3], [4]], [2, 4]),
      graph(.resize2D(resize), [[1, 2, 2, 3]], [1, 4, 4, 2]),
      graph(.leakyReLU(alpha: .nan), [[4]], [4]),
    ]
    for graph in bad {
      guard case .invalidGraph(let reason)? = refusal(of: graph) else {
        Issue.record("accepted \(graph.nodes[0].operation.name)")
        continue
      }
      #expect(reason.contains("node 0") && reason.contains("layer"))
    }
  }

  @Test func emptyAndOversizedTensors() throws {
    guard case .invalidGraph(let reason)? = refusal(of: graph(.unary(.tanh), [[2, 0]], [2, 0]))
    else {
      Issue.record("accepted a tensor without elements")
      return
    }
    #expect(reason.contains("(x)"))
    let huge: Shape = [1 << 14, 1 << 13]
    #expect(
      refusal(of: graph(.unary(.tanh), [huge], huge)) == .tooLarge(layer: "layer", tensor: "x"))
    let tokens: Shape = [1, 1 << 13, 1 << 13]
    let error = refusal(
      of: graph(.batchMatMul(transposeA: false, transposeB: true), [tokens, tokens], tokens))
    guard case .tooLarge? = error else {
      Issue.record("expected a refusal for size, got \(String(describing: error))")
      return
    }
  }

  @Test func combinationsWithoutKernel() throws {
    let whole = Quantization(scales: [0.5], zeroPoints: [0])
    let error = refusal(of: graph(.leakyReLU(alpha: -0.5), [[1, 3]], [1, 3], whole))
    guard case .unsupported(let layer, let tensor, _)? = error else {
      Issue.record("expected a refusal, got \(String(describing: error))")
      return
    }
    #expect(layer == "layer" && (tensor == "x" || tensor == "y"))
  }
}
