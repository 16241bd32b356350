import ModelFormat
import Testing

@testable import Inference

@Suite struct MovementTests {
  private func moved(
    _ operation: Operator, from: [Int], to: [Int], _ x: [Float]? = nil
  ) throws -> [Float] {
    var graph = Graph(name: "movement")
    let input = graph.value(from)
    let output = graph.node(operation, [input], to)
    (graph.inputs, graph.outputs) = ([input], [output])
    return try run(graph, x ?? (0..<from.reduce(1, *)).map(Float.init))
  }

  @Test func transposing() throws {
    let result = try moved(.transpose(permutation: [2, 0, 1]), from: [2, 3, 4], to: [4, 2, 3])
    var expected: [Float] = []
    for c in 0..<4 {
      for a in 0..<2 {
        for b in 0..<3 { expected.append(Float(a * 12 + b * 4 + c)) }
      }
    }
    #expect(result == expected)
  }

  @Test func tiling() throws {
    let result = try moved(.tile(multiples: [2, 3]), from: [2, 2], to: [4, 6])
    let (top, bottom): ([Float], [Float]) = ([0, 1, 0, 1, 0, 1], [2, 3, 2, 3, 2, 3])
    #expect(result == top + bottom + top + bottom)
  }

  @Test func slicingForwardsAndBackwards() throws {
    let forwards = try moved(.slice(begin: [1, 1], strides: [1, 2]), from: [3, 6], to: [2, 3])
    #expect(forwards == [7, 9, 11, 13, 15, 17])
    let backwards = try moved(
      .slice(begin: [2, 5], strides: [-2, -3]), from: [3, 6], to: [2, 2])
    #expect(backwards == [17, 14, 5, 2])
  }

  @Test func padding() throws {
    let result = try moved(.pad(before: [1, 0], after: [0, 2]), from: [2, 2], to: [3, 4])
    #expect(result == [0, 0, 0, 0, 0, 1, 0, 0, 2, 3, 0, 0])
  }

  @Test func reshapesShareMemory() throws {
    #expect(try moved(.reshape, from: [2, 3], to: [6]) == [0, 1, 2, 3, 4, 5])
    var graph = Graph(name: "reshape")
    let input = graph.value([2, 3])
    let flat = graph.node(.reshape, [input], [6])
    let doubled = graph.node(.binary(.add, activation: .none), [flat, flat], [6])
    let back = graph.node(.reshape, [doubled], [3, 2])
    (graph.inputs, graph.outputs) = ([input], [back, input])
    let x: [Float] = [1, 2, 3, 4, 5, 6]
    #expect(try run(graph, x) == x.map { 2 * $0 } + x)
  }

  @Test func concatenatingWithConstants() throws {
    var graph = Graph(name: "concatenate")
    let input = graph.value([2, 2])
    let constant = graph.constant([2, 1], [8, 9])
    let output = graph.node(.concatenate(axis: 1), [constant, input, input], [2, 5])
    (graph.inputs, graph.outputs) = ([input], [output])
    #expect(try run(graph, [0, 1, 2, 3]) == [8, 0, 1, 0, 1, 9, 2, 3, 2, 3])
  }

  @Test func gathering() throws {
    func graph(_ indices: [Int32]) -> Graph {
      var graph = Graph(name: "gather")
      let input = graph.value([2, 3, 2])
      let picked = graph.indices([2], indices)
      let output = graph.node(.gather(axis: 1), [input, picked], [2, 2, 2])
      (graph.inputs, graph.outputs) = ([input], [output])
      return graph
    }
    let x = (0..<12).map(Float.init)
    #expect(try run(graph([2, 0]), x) == [4, 5, 0, 1, 10, 11, 6, 7])
    #expect(throws: InferenceError.self) { try run(graph([2, 3]), x) }
    #expect(throws: InferenceError.self) { try run(graph([-1, 0]), x) }
  }
}
