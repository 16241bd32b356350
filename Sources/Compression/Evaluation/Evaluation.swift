public import DataSets
internal import ModelFormat

/// How good a model was on a labelled set.
public struct Evaluation: Equatable, Sendable {
  /// One class of the set: how many of its windows were recognised.
  public struct ClassResult: Equatable, Sendable {
    public var label: Int
    public var count: Int
    public var correct: Int
    /// How many windows of any class were given this label.
    public var predicted: Int

    /// `correct / count`; `nil` for a class without windows.
    public var recall: Double? { count == 0 ? nil : Double(correct) / Double(count) }
  }

  /// For rules that judge by the error of reconstruction.
  public struct Reconstruction: Equatable, Sendable {
    /// Mean over the usual windows.
    public var meanSquaredError: Double
    /// The area under the ROC curve when the error is used to find the unusual windows; `nil` where
    /// the set lacks one of the two kinds.
    public var areaUnderCurve: Double?
  }

  /// The label given to each window.
  public var predictions: [Int]
  public var classes: [ClassResult]
  public var reconstruction: Reconstruction?

  public var count: Int { predictions.count }
  public var correct: Int { classes.reduce(0) { $0 + $1.correct } }
  /// From 0 to 1.
  public var accuracy: Double { Double(correct) / Double(max(count, 1)) }

  /// The class with the lowest recall.
  public var worstClass: ClassResult? {
    classes.filter { $0.count > 0 }.min { ($0.recall ?? 1) < ($1.recall ?? 1) }
  }

  /// The share of windows that `original`, evaluated on the same set, gave the same label.
  public func agreement(with original: Evaluation) -> Double {
    let same = zip(predictions, original.predictions).count { $0 == $1 }
    return Double(same) / Double(max(count, 1))
  }

  /// Accuracy gained (or, negative, lost) against `original`, in points of a hundred.
  public func change(from original: Evaluation) -> Double {
    Double(correct - original.correct) / Double(max(count, 1)) * 100
  }
}

extension Evaluator {
  /// Runs over `data` and compares with its labels.
  public func evaluate(
    _ data: LabelledWindows, workers: Int? = nil,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) async throws(EvaluationError) -> Evaluation {
    let truth = try truth(of: data)
    let predictions = try await predictions(
      for: data.windows, workers: workers, progress: progress)
    let labels = predictions.map(\.label)
    let classCount = max(rule.classCount(output: outputShape), 1)
    var classes = (0..<classCount).map {
      Evaluation.ClassResult(label: $0, count: 0, correct: 0, predicted: 0)
    }
    for (label, prediction) in zip(truth, labels) {
      classes[label].count += 1
      classes[label].correct += label == prediction ? 1 : 0
      classes[prediction].predicted += 1
    }
    return Evaluation(
      predictions: labels, classes: classes.filter { $0.count > 0 || $0.predicted > 0 },
      reconstruction: reconstruction(predictions, truth))
  }

  /// The class that each window should get.
  private func truth(of data: LabelledWindows) throws(EvaluationError) -> [Int] {
    if case .aboveError = rule { return data.labels.map { normalLabels.contains($0) ? 0 : 1 } }
    let classes = rule.classCount(output: outputShape)
    if let window = data.labels.firstIndex(where: { !(0..<classes).contains($0) }) {
      throw .label(window: window, label: data.labels[window], classes: classes)
    }
    return data.labels
  }

  private func reconstruction(
    _ predictions: [Prediction], _ truth: [Int]
  ) -> Evaluation.Reconstruction? {
    let scores = predictions.compactMap { $0.squaredError.map(Double.init) }
    guard case .aboveError = rule, scores.count == truth.count else { return nil }
    let usual = zip(scores, truth).filter { $0.1 == 0 }.map(\.0)
    return Evaluation.Reconstruction(
      meanSquaredError: usual.reduce(0, +) / Double(max(usual.count, 1)),
      areaUnderCurve: areaUnderCurve(scores: scores, positive: truth.map { $0 == 1 }))
  }
}

/// The chance that a positive scores above a negative, ties counting half (Mann and Whitney's U).
func areaUnderCurve(scores: [Double], positive: [Bool]) -> Double? {
  let order = scores.indices.sorted { scores[$0] < scores[$1] }
  let positives = positive.count { $0 }
  let negatives = positive.count - positives
  guard positives > 0, negatives > 0 else { return nil }
  var rankSum = 0.0
  var start = 0
  while start < order.count {
    var end = start
    while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
    // Equal scores share the mean of the ranks start + 1 ... end.
    let rank = Double(start + 1 + end) / 2
    rankSum += rank * Double(order[start..<end].count { positive[$0] })
    start = end
  }
  let least = Double(positives) * Double(positives + 1) / 2
  return (rankSum - least) / (Double(positives) * Double(negatives))
}
