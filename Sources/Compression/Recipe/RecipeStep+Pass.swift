extension RecipeStep {
  /// The names that recipes may use.
  static let names = ["float32", "float16", "dynamic-int8", "int4"]

  /// The pass that the step stands for.
  ///
  /// - Parameter text: the recipe that the step is part of, for the error.
  func pass(in text: String) throws(RecipeError) -> any Pass {
    switch name {
    case "float32":
      try refuseArguments(in: text)
      return FloatWeights()
    case "float16":
      try refuseArguments(in: text)
      return HalfWeights()
    case "dynamic-int8":
      guard let count = try minimumElements(in: text) else { return DynamicRangeInt8() }
      return DynamicRangeInt8(minimumElements: count)
    case "int4":
      guard let count = try minimumElements(in: text) else { return BlockInt4() }
      return BlockInt4(minimumElements: count)
    default:
      throw RecipeError(
        text: text, column: column,
        reason: "there is no step '\(name)'; there are \(Self.names.joined(separator: ", "))")
    }
  }

  /// The one argument of steps that leave small weights alone, where it is given.
  private func minimumElements(in text: String) throws(RecipeError) -> Int? {
    guard let argument = arguments.first else { return nil }
    guard argument.label == "from", arguments.count == 1 else {
      let extra = arguments.first { $0.label != "from" } ?? arguments[1]
      throw RecipeError(
        text: text, column: extra.column,
        reason: "\(name) takes one argument, 'from: elements', not '\(extra)'")
    }
    guard let count = Int(argument.value), count >= 0 else {
      throw RecipeError(
        text: text, column: argument.column,
        reason: "'from' is a whole number of elements, not '\(argument.value)'")
    }
    return count
  }

  private func refuseArguments(in text: String) throws(RecipeError) {
    guard let argument = arguments.first else { return }
    throw RecipeError(text: text, column: argument.column, reason: "\(name) takes no arguments")
  }
}
