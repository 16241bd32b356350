internal import ModelFormat

extension Translation {
  /// How often the loop runs: its condition must be `counter < n`, or several of these joined by and.
  func trips(
    of condition: TFLiteSubgraph, control: LoopControl, at site: Site
  ) throws(ImportError) -> Int {
    var reading: LoopBody
    do {
      reading = try LoopBody(condition)
    } catch {
      throw unsupported("its condition, subgraph \(condition.index): \(error.reason)", at: site)
    }
    var seen: Set<Int> = []
    var pending = condition.outputs
    var trips: [Int] = []
    while let tensor = pending.popLast() {
      if !seen.insert(tensor).inserted { continue }
      if let both = reading.operation("LOGICAL_AND", behind: tensor) {
        pending += both.inputs
      } else if let less = reading.operation("LESS", behind: tensor), less.inputs.count == 2,
        let position = condition.inputs.firstIndex(of: less.inputs[0]),
        control.counters.contains(position),
        let bound = bound(less.inputs[1], in: condition, control, at: site)
      {
        trips.append(bound)
      } else {
        throw unsupported(
          "its condition, subgraph \(condition.index), does not count up to a fixed number",
          at: site)
      }
    }
    guard condition.outputs.count == 1, reading.notUnderstood == nil, let least = trips.min() else {
      throw unsupported("its condition, subgraph \(condition.index), is not a count", at: site)
    }
    return least
  }

  /// A single number that is a constant of the condition, or a constant that the loop hands on.
  private func bound(
    _ tensor: Int, in condition: TFLiteSubgraph, _ control: LoopControl, at site: Site
  ) -> Int? {
    if let position = condition.inputs.firstIndex(of: tensor) {
      guard control.fixed.contains(position),
        case .constant(let constant)? = try? optionalValue(position, of: site)
      else { return nil }
      return constant.integers?.count == 1 ? constant.integers?.first : nil
    }
    let numbers = (try? load(condition.tensors[tensor], at: nil))?.integers
    return numbers?.count == 1 ? numbers?.first : nil
  }
}
