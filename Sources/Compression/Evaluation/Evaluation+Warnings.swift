/// Signs that compression broke a model in a way that a mean accuracy can hide.
public enum EvaluationWarning: Equatable, Sendable, CustomStringConvertible {
  /// Nearly every window gets one label, though the set is not like that.
  case oneLabel(label: Int, share: Double)
  /// No window of a class is recognised any more.
  case lostClass(label: Int, count: Int)
  /// A class is recognised much less often than by the original: recalls from 0 to 1.
  case classFell(label: Int, from: Double, to: Double)

  public var description: String {
    switch self {
    case .oneLabel(let label, let share):
      "collapsed: \((share * 1000).rounded() / 10) % of all windows get label \(label)"
    case .lostClass(let label, let count):
      "collapsed: none of the \(count) windows of label \(label) is recognised"
    case .classFell(let label, let from, let to):
      "label \(label) is recognised in \((to * 1000).rounded() / 10) % of its windows, "
        + "\((from * 1000).rounded() / 10) % before"
    }
  }
}

extension Evaluation {
  /// What a user must be told before trusting the variant.
  ///
  /// - Parameter original: the uncompressed model's result on the same set, where there is one.
  public func warnings(comparedWith original: Evaluation? = nil) -> [EvaluationWarning] {
    var warnings: [EvaluationWarning] = []
    for result in classes {
      let share = Double(result.predicted) / Double(max(count, 1))
      let due = Double(result.count) / Double(max(count, 1))
      if share >= 0.95, due <= 0.8 {
        warnings.append(.oneLabel(label: result.label, share: share))
      }
      if result.count >= 10, result.correct == 0 {
        warnings.append(.lostClass(label: result.label, count: result.count))
      } else if let recall = result.recall, result.count >= 10,
        let before = original?.classes.first(where: { $0.label == result.label })?.recall,
        before - recall > 0.1
      {
        warnings.append(.classFell(label: result.label, from: before, to: recall))
      }
    }
    return warnings
  }
}
