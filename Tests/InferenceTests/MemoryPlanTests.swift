import ModelFormat
import Testing

@testable import Inference

@Suite struct MemoryPlanTests {
  /// Any two buffers that live at the same time lie apart.
  @Test func randomBuffersNeverOverlap() throws {
    var numbers = Numbers(state: 12)
    for _ in 0..<200 {
      let buffers = (0..<numbers.int(1...60)).map { _ -> MemoryPlan.Buffer in
        let start = numbers.int(0...40)
        return .init(
          bytes: numbers.int(0...5000), lifetime: start...start + numbers.int(0...10))
      }
      let plan = try #require(MemoryPlan(placing: buffers))
      for (i, a) in buffers.enumerated() {
        let placeA = plan.offsets[i]..<plan.offsets[i] + a.bytes
        #expect(placeA.lowerBound % 64 == 0 && placeA.upperBound <= plan.arenaBytes)
        for (j, b) in buffers.enumerated() where j > i && a.lifetime.overlaps(b.lifetime) {
          let placeB = plan.offsets[j]..<plan.offsets[j] + b.bytes
          #expect(!placeA.overlaps(placeB))
        }
      }
    }
  }

  @Test func buffersThatNeverMeetShareMemory() throws {
    let plan = try #require(
      MemoryPlan(placing: [
        .init(bytes: 1000, lifetime: 0...1), .init(bytes: 500, lifetime: 1...2),
        .init(bytes: 900, lifetime: 2...3),
      ]))
    #expect(plan.arenaBytes == 1024 + 512)
  }

  @Test func moreThanTheLimitIsRefused() {
    #expect(MemoryPlan(placing: [.init(bytes: MemoryPlan.limit + 1, lifetime: 0...0)]) == nil)
    let half = MemoryPlan.Buffer(bytes: MemoryPlan.limit / 2 + 64, lifetime: 0...0)
    #expect(MemoryPlan(placing: [half, half]) == nil)
  }

  /// A chain of steps that each alone read the one before takes the memory of one value.
  @Test func stepsWriteOverWhatNobodyReadsAnyMore() throws {
    var graph = Graph(name: "chain")
    let input = graph.value([100, 16])
    var x = graph.node(.unary(.exponential), [input], [100, 16])
    x = graph.node(.softmax(beta: 1), [x], [100, 16])
    x = graph.node(.reshape, [x], [16, 100])
    x = graph.node(.layerNormalization(epsilon: 0.1), [x], [16, 100])
    x = graph.node(
      .binary(.multiply, activation: .sigmoid),
      [graph.constant([100], [Float](repeating: 2, count: 100)), x],
      [16, 100])
    (graph.inputs, graph.outputs) = ([input], [x])
    #expect(try LoadedImage(graph).interpreter.arenaBytes == 6400)
    // Read again later, the first value keeps its place.
    graph.outputs = [
      graph.node(.binary(.add, activation: .none), [x, graph.nodes[2].outputs[0]], [16, 100])
    ]
    #expect(try LoadedImage(graph).interpreter.arenaBytes == 12800)
    let (plain, fused) = try unfusedAndFused(graph)
    #expect(plain == fused)
  }

  /// Random graphs of additions give what the same additions give one by one: nothing is
  /// overwritten while it is still read.
  @Test func randomGraphsKeepTheirValues() throws {
    var numbers = Numbers(state: 13)
    for _ in 0..<60 {
      var graph = Graph(name: "random")
      let input = graph.value([4, 5])
      var values = [(input, numbers.floats(20))]
      let x = values[0].1
      for _ in 0..<numbers.int(1...30) {
        let (a, left) = values[numbers.int(0...values.count - 1)]
        let (b, right) = values[numbers.int(0...values.count - 1)]
        if numbers.int(0...3) == 0 {
          let flat = graph.node(.reshape, [a], [20])
          values.append((graph.node(.reshape, [flat], [4, 5]), left))
        } else {
          let sum = graph.node(.binary(.subtract, activation: .none), [a, b], [4, 5])
          values.append((sum, zip(left, right).map { $0 - $1 }))
        }
      }
      let picked = values.dropFirst().filter { _ in numbers.int(0...4) == 0 } + [values.last!]
      graph.inputs = [input]
      graph.outputs = picked.map(\.0)
      #expect(try run(graph, x) == picked.flatMap(\.1))
    }
  }
}
