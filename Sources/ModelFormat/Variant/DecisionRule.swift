/// How a model's output becomes a class: data in the manifest, so that every runtime decides alike.
///
/// Written as one of
///
///     argmax(output)
///     argmax(mean(output, over: time))
///     argmax(last(output, over: time))
///     above(mean_squared_error(output, input), 0.35)
public enum DecisionRule: Equatable, Sendable {
  /// The greatest of the output's scores, all of them.
  case argmax
  /// Per-step scores [..., time, classes], averaged over time, and of these the greatest.
  case argmaxOfMean
  /// The scores of the last step, and of these the greatest.
  case argmaxOfLast
  /// 1 where the mean squared difference of output and input is above the threshold, else 0.
  case aboveError(threshold: Float)

  /// Whether the rule can be used on such an output and input.
  public func accepts(output: Shape, input: Shape) -> Bool {
    switch self {
    case .argmax: output.rank >= 1
    case .argmaxOfMean, .argmaxOfLast: output.rank >= 2
    case .aboveError: output.elementCount != nil && output.elementCount == input.elementCount
    }
  }

  /// How many classes there are for an output of this shape.
  public func classCount(output: Shape) -> Int {
    switch self {
    case .argmax: output.elementCount ?? 0
    case .argmaxOfMean, .argmaxOfLast: output.dimensions.last ?? 0
    case .aboveError: 2
    }
  }

  /// The class that `output`, of shape `shape`, stands for; of equal scores the first. `nil` where a number is not
  /// finite, or the arrays do not fit the rule.
  public func label(
    output: UnsafeBufferPointer<Float>, input: UnsafeBufferPointer<Float>, shape: Shape
  ) -> Int? {
    guard output.count == shape.elementCount, !output.isEmpty else { return nil }
    switch self {
    case .argmax: return DecisionRule.greatest(output)
    case .argmaxOfLast:
      guard shape.rank >= 2 else { return nil }
      let classes = shape[shape.rank - 1]
      return DecisionRule.greatest(
        UnsafeBufferPointer(rebasing: output[(output.count - classes)...]))
    case .argmaxOfMean:
      guard shape.rank >= 2 else { return nil }
      return DecisionRule.greatestSum(output, classes: shape[shape.rank - 1])
    case .aboveError(let threshold):
      guard let error = DecisionRule.meanSquaredError(output, input) else { return nil }
      return error > threshold ? 1 : 0
    }
  }

  /// The class that `output`, of shape `shape`, stands for.
  public func label(output: [Float], input: [Float], shape: Shape) -> Int? {
    output.withUnsafeBufferPointer { output in
      input.withUnsafeBufferPointer { label(output: output, input: $0, shape: shape) }
    }
  }

  /// The mean of the squared differences; `nil` where the counts differ or a number is not finite.
  public static func meanSquaredError(
    _ output: UnsafeBufferPointer<Float>, _ input: UnsafeBufferPointer<Float>
  ) -> Float? {
    guard output.count == input.count, !output.isEmpty else { return nil }
    var sum: Double = 0
    for index in output.indices {
      let difference = Double(output[index]) - Double(input[index])
      sum += difference * difference
    }
    let mean = Float(sum / Double(output.count))
    return mean.isFinite ? mean : nil
  }

  private static func greatest(_ scores: UnsafeBufferPointer<Float>) -> Int? {
    var best = 0
    for index in scores.indices {
      guard scores[index].isFinite else { return nil }
      if scores[index] > scores[best] { best = index }
    }
    return best
  }

  private static func greatestSum(
    _ scores: UnsafeBufferPointer<Float>, classes: Int
  ) -> Int? {
    var best: (label: Int, sum: Double)? = nil
    for label in 0..<classes {
      var sum: Double = 0
      for index in stride(from: label, to: scores.count, by: classes) {
        sum += Double(scores[index])
      }
      guard sum.isFinite else { return nil }
      if best == nil || sum > best!.sum { best = (label, sum) }
    }
    return best?.label
  }
}
