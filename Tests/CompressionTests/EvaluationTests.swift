import DataSets
import ModelFormat
import Synchronization
import Testing

@testable import Compression

@Suite("Evaluation")
struct EvaluationTests {
  /// Three scores from two inputs: x, y and 1.
  private func graph(bias: [Float] = [0, 0, 1]) -> Graph {
    var graph = Graph(name: "scores")
    let x = graph.add(Tensor(name: "x", shape: [1, 2], type: .float32))
    let w = graph.add(
      Tensor(
        name: "w", shape: [3, 2], type: .float32,
        data: [Float](arrayLiteral: 1, 0, 0, 1, 0, 0).littleEndianBytes))
    let b = graph.add(
      Tensor(name: "b", shape: [3], type: .float32, data: bias.littleEndianBytes))
    let y = graph.add(Tensor(name: "y", shape: [1, 3], type: .float32))
    graph.nodes = [
      Node(name: "dense", operation: .dense(activation: .none), inputs: [x, w, b], outputs: [y])
    ]
    graph.inputs = [x]
    graph.outputs = [y]
    return graph
  }

  private func data(_ values: [Float], _ labels: [Int], shape: [Int] = [2]) -> LabelledWindows {
    LabelledWindows(windows: Windows(shape: shape, values: values), labels: labels)
  }

  private let five = ([3, 0, 0, 3, 0, 0, 5, 0, 0, 0] as [Float], [0, 1, 2, 1, 2])

  @Test("Accuracy, recall, worst class, agreement and change are counted")
  func counts() async throws {
    let evaluator = try Evaluator(graph(), rule: .argmax)
    let set = data(five.0, five.1)
    let result = try await evaluator.evaluate(set)
    #expect(result.predictions == [0, 1, 2, 0, 2])
    #expect(result.correct == 4 && result.accuracy == 0.8)
    #expect(result.classes.map(\.recall) == [1, 0.5, 1])
    #expect(result.classes.map(\.predicted) == [2, 1, 2])
    #expect(result.worstClass?.label == 1)
    let biased = try await Evaluator(graph(bias: [0, 0, 4]), rule: .argmax).evaluate(set)
    #expect(biased.predictions == [2, 2, 2, 0, 2])
    #expect(biased.agreement(with: result) == 0.6)
    #expect(abs(biased.change(from: result) + 40) < 1e-9)
  }

  @Test("The split over workers changes nothing, and progress reaches the total")
  func workers() async throws {
    let values = (0..<200).map { Float($0 % 23) - 11 }
    let set = data(values, Array(repeating: 0, count: 100))
    let evaluator = try Evaluator(graph(), rule: .argmax)
    let reported = Mutex<[Int]>([])
    let one = try await evaluator.predictions(for: set.windows, workers: 1) { done, total in
      #expect(total == 100)
      reported.withLock { $0.append(done) }
    }
    #expect(reported.withLock { $0 } == Array(1...100))
    for workers in [2, 3, 7, 500] {
      #expect(try await evaluator.predictions(for: set.windows, workers: workers) == one)
    }
  }

  @Test("Data that does not fit the model is refused with the reason")
  func refusals() async throws {
    let evaluator = try Evaluator(graph(), rule: .argmax)
    await #expect(throws: EvaluationError.shape(window: [3], input: [1, 2])) {
      try await evaluator.evaluate(data([1, 2, 3], [0], shape: [3]))
    }
    await #expect(throws: EvaluationError.label(window: 1, label: 3, classes: 3)) {
      try await evaluator.evaluate(data([1, 2, 3, 4], [0, 3]))
    }
    await #expect(throws: EvaluationError.noWindows) {
      try await evaluator.evaluate(data([], []))
    }
    let error = await #expect(throws: EvaluationError.self) {
      try await evaluator.evaluate(data([1, 2, .nan, 4], [0, 0]))
    }
    guard case .inference(window: 1, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(throws: EvaluationError.self) {
      try Evaluator(graph(), rule: .aboveError(threshold: 1))
    }
  }

  @Test("Outputs that are no numbers are an error, not a class")
  func notFinite() async throws {
    let evaluator = try Evaluator(graph(bias: [.infinity, 0, 0]), rule: .argmax)
    await #expect(throws: EvaluationError.notFinite(window: 0)) {
      try await evaluator.evaluate(data([1, 2], [0]))
    }
  }

  @Test("A collapsed model is called so")
  func collapse() async throws {
    let labels = (0..<60).map { $0 % 3 }
    let values = labels.flatMap { $0 == 0 ? [3, 0] : $0 == 1 ? [0, 3] : [0, 0] as [Float] }
    let good = try await Evaluator(graph(), rule: .argmax).evaluate(data(values, labels))
    #expect(good.warnings().isEmpty)
    let collapsed = try await Evaluator(graph(bias: [9, 0, 0]), rule: .argmax)
      .evaluate(data(values, labels))
    let warnings = collapsed.warnings(comparedWith: good)
    #expect(warnings.contains(.oneLabel(label: 0, share: 1)))
    #expect(warnings.contains(.lostClass(label: 1, count: 20)))
  }

  @Test("The area under the curve counts ties as half")
  func area() {
    #expect(areaUnderCurve(scores: [1, 2, 3, 4], positive: [false, false, true, true]) == 1)
    #expect(areaUnderCurve(scores: [4, 3, 2, 1], positive: [false, false, true, true]) == 0)
    #expect(areaUnderCurve(scores: [1, 1, 1], positive: [false, true, true]) == 0.5)
    #expect(areaUnderCurve(scores: [1, 2, 2, 3], positive: [false, true, false, true]) == 0.875)
    #expect(areaUnderCurve(scores: [1, 2], positive: [true, true]) == nil)
  }
}
