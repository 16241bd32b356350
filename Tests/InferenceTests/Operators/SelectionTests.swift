import ModelFormat
import Testing

@testable import Inference

@Suite struct SelectionTests {
  @Test func selectBroadcasts() throws {
    var graph = Graph(name: "select")
    let (c, a, b) = (graph.value([2, 1]), graph.value([3]), graph.value([2, 3]))
    let output = graph.node(.select, [c, a, b], [2, 3])
    (graph.inputs, graph.outputs) = ([c, a, b], [output])
    let result = try run(graph, [1, 0] + [10, 20, 30] + [1, 2, 3, 4, 5, 6])
    #expect(result == [10, 20, 30, 4, 5, 6])
  }

  @Test func leakyReLU() throws {
    var graph = Graph(name: "leaky")
    let x = graph.value([3, 3])
    graph.inputs = [x]
    graph.outputs = [graph.node(.leakyReLU(alpha: 0.5), [x], [3, 3])]
    #expect(try run(graph, [-4, -1, 0, 1, 2, 3, 4, -6, 8]) == [-2, -0.5, 0, 1, 2, 3, 4, -3, 8])
  }

  private func resized(
    _ kind: Resize2D.Kind, corners: Bool = false, centers: Bool = false, _ shape: [Int]
  ) throws -> [Float] {
    var graph = Graph(name: "resize")
    let x = graph.value([1, 2, 2, 1])
    let resize = Resize2D(kind: kind, alignsCorners: corners, centersPixels: centers)
    graph.inputs = [x]
    graph.outputs = [graph.node(.resize2D(resize), [x], shape)]
    return try run(graph, [1, 2, 3, 4])
  }

  /// TensorFlow's own answers.
  @Test func resizing() throws {
    #expect(
      try resized(.nearest, [1, 4, 4, 1]) == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
    #expect(
      try resized(.bilinear, corners: true, [1, 3, 3, 1]) == [1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4])
    #expect(
      try resized(.bilinear, [1, 2, 4, 1]) == [1, 1.5, 2, 2, 3, 3.5, 4, 4])
    #expect(
      try resized(.bilinear, centers: true, [1, 2, 4, 1])
        == [1, 1.25, 1.75, 2, 3, 3.25, 3.75, 4])
  }
}
