public import DataSets
internal import Foundation
internal import Inference
public import ModelFormat
internal import Synchronization

/// Runs a model over labelled windows with the devices' own runtime, on this machine's kernels.
///
/// Each worker has an interpreter of its own over one shared image and starts every window from zero
/// state, so the result does not depend on how the windows are shared out.
public struct Evaluator: Sendable {
  public let rule: DecisionRule
  /// For rules that tell the unusual from the usual: labels of windows that are usual.
  public let normalLabels: Set<Int>
  /// The shape of the model's output.
  public let outputShape: Shape
  /// The shape of the model's input, batch included.
  public let inputShape: Shape
  private let image: AlignedBytes

  /// - Parameter normalLabels: only looked at where `rule` compares an error with a threshold.
  public init(
    _ graph: Graph, rule: DecisionRule, normalLabels: Set<Int> = [0]
  ) throws(EvaluationError) {
    guard graph.inputs.count == 1, graph.outputs.count == 1 else {
      throw .interface(
        "the model has \(graph.inputs.count) inputs and \(graph.outputs.count) outputs; "
          + "one of each can be evaluated")
    }
    let (input, output) = (graph[graph.inputs[0]], graph[graph.outputs[0]])
    guard [input, output].allSatisfy({ $0.type == .float32 || $0.type == .int8 }) else {
      throw .interface("the model's input and output must be float32 or int8")
    }
    guard rule.accepts(output: output.shape, input: input.shape) else {
      throw .rule(rule.description, output: output.shape.dimensions)
    }
    self.rule = rule
    self.normalLabels = normalLabels
    inputShape = input.shape
    outputShape = output.shape
    do throws(InferenceError) {
      image = AlignedBytes(try ImageBuilder.image(of: graph, for: .current))
      _ = try Interpreter(image: image.bytes)
    } catch {
      throw .model(error)
    }
  }

  /// Predictions for all windows, in their order.
  ///
  /// - Parameters:
  ///   - workers: how many run side by side; as many as there are cores unless given.
  ///   - progress: called with the count done so far and the total, from any of the workers.
  public func predictions(
    for windows: Windows, workers: Int? = nil,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) async throws(EvaluationError) -> [Prediction] {
    guard windows.count > 0 else { throw .noWindows }
    let wanted = inputShape.dimensions
    guard windows.shape.filter({ $0 != 1 }) == wanted.filter({ $0 != 1 }) else {
      throw .shape(window: windows.shape, input: wanted)
    }
    let count = windows.count
    let share = max(1, min(count, workers ?? ProcessInfo.processInfo.activeProcessorCount))
    let done = Counter()
    let parts = await withTaskGroup(
      of: (Int, Result<[Prediction], EvaluationError>).self
    ) { group in
      for worker in 0..<share {
        let range = (count * worker / share)..<(count * (worker + 1) / share)
        group.addTask {
          do throws(EvaluationError) {
            return (worker, .success(try run(windows, range) { progress?(done.next(), count) }))
          } catch {
            return (worker, .failure(error))
          }
        }
      }
      var parts: [Int: Result<[Prediction], EvaluationError>] = [:]
      for await (worker, part) in group {
        parts[worker] = part
        if case .failure = part { group.cancelAll() }
      }
      return parts
    }
    // A failure cancels the other workers; it is the one to report.
    for case .failure(let error) in parts.sorted(by: { $0.key < $1.key }).map(\.value)
    where error != .cancelled {
      throw error
    }
    var predictions: [Prediction] = []
    for worker in 0..<share { predictions += try parts[worker]?.get() ?? [] }
    return predictions
  }

  private func run(
    _ windows: Windows, _ range: Range<Int>, each: () -> Void
  ) throws(EvaluationError) -> [Prediction] {
    let interpreter: Interpreter
    do {
      interpreter = try Interpreter(image: image.bytes)
    } catch {
      throw .model(error)
    }
    var output = Array(repeating: Float(0), count: outputShape.elementCount ?? 0)
    var predictions: [Prediction] = []
    predictions.reserveCapacity(range.count)
    for index in range {
      if Task.isCancelled { throw .cancelled }
      let input = Array(windows[index])
      interpreter.resetState()
      var failure: InferenceError?
      input.withUnsafeBytes { input in
        output.withUnsafeMutableBytes { output in
          do throws(InferenceError) {
            try interpreter.run(floats: input, output: output)
          } catch {
            failure = error
          }
        }
      }
      if let failure { throw .inference(window: index, failure) }
      predictions.append(try prediction(for: index, input, output))
      each()
    }
    return predictions
  }

  private func prediction(
    for window: Int, _ input: [Float], _ output: [Float]
  ) throws(EvaluationError) -> Prediction {
    guard let label = rule.label(output: output, input: input, shape: outputShape) else {
      throw .notFinite(window: window)
    }
    guard case .aboveError = rule else { return Prediction(label: label, output: output) }
    let error = output.withUnsafeBufferPointer { output in
      input.withUnsafeBufferPointer { DecisionRule.meanSquaredError(output, $0) }
    }
    return Prediction(label: label, output: output, squaredError: error)
  }
}

/// Counts up, from any thread.
private final class Counter: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
