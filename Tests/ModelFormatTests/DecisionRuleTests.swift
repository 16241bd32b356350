import ModelFormat
import Testing

@Suite struct DecisionRuleTests {
  let scores: [Float] = [0.1, 0.9, 0.8, 0.2, 0.7, 0.3]

  @Test func labels() {
    #expect(DecisionRule.argmax.label(output: scores, input: [], shape: [6]) == 1)
    #expect(DecisionRule.argmaxOfMean.label(output: scores, input: [], shape: [1, 3, 2]) == 0)
    #expect(DecisionRule.argmaxOfLast.label(output: scores, input: [], shape: [1, 2, 3]) == 1)
    let above = DecisionRule.aboveError(threshold: 0.25)
    #expect(above.label(output: [1, 1], input: [0.5, 0.5], shape: [2]) == 0)
    #expect(above.label(output: [1, 1], input: [0.5, 0.4], shape: [1, 2]) == 1)
  }

  @Test func firstOfEqualScores() {
    #expect(DecisionRule.argmax.label(output: [1, 2, 2], input: [], shape: [3]) == 1)
    #expect(DecisionRule.argmaxOfMean.label(output: [1, 0, 0, 1], input: [], shape: [2, 2]) == 0)
  }

  @Test func noLabelWithoutFiniteNumbersOrFittingShape() {
    #expect(DecisionRule.argmax.label(output: [1, .nan], input: [], shape: [2]) == nil)
    #expect(DecisionRule.argmax.label(output: [.infinity, 1], input: [], shape: [2]) == nil)
    #expect(DecisionRule.argmaxOfMean.label(output: [.nan, 1], input: [], shape: [1, 2]) == nil)
    #expect(DecisionRule.argmax.label(output: [1], input: [], shape: [2]) == nil)
    #expect(DecisionRule.argmax.label(output: [], input: [], shape: []) == nil)
    #expect(DecisionRule.argmaxOfMean.label(output: [1], input: [], shape: [1]) == nil)
    let above = DecisionRule.aboveError(threshold: 0)
    #expect(above.label(output: [1, 1], input: [1], shape: [2]) == nil)
    #expect(above.label(output: [.nan], input: [1], shape: [1]) == nil)
  }

  @Test(arguments: [
    ("argmax(output)", DecisionRule.argmax),
    (" argmax( mean(output ,over:time) ) ", .argmaxOfMean),
    ("argmax(last(output, over: time))", .argmaxOfLast),
    ("above(mean_squared_error(output, input), 0.35)", .aboveError(threshold: 0.35)),
    ("above(mean_squared_error(output,input),.5)", .aboveError(threshold: 0.5)),
    ("above(mean_squared_error(output, input), 12)", .aboveError(threshold: 12)),
    ("above(mean_squared_error(output, input), 2.5E-3)", .aboveError(threshold: 0.0025)),
  ])
  func parses(text: String, rule: DecisionRule) throws {
    #expect(try DecisionRule(parsing: text) == rule)
    #expect(try DecisionRule(parsing: rule.description) == rule)
  }

  @Test(arguments: [
    "", "argmax", "argmax(input)", "argmax(mean(output))", "argmax(output))", "mean(output)",
    "above(mean_squared_error(output, input), )", "above(mean_squared_error(output, input), 1",
    "above(mean_squared_error(output, input), -1)", "above(mean_squared_error(output, input), 1e)",
    "above(mean_squared_error(output, input), 1.2.3)",
    "above(mean_squared_error(output, input), nan)",
    "above(mean_squared_error(output, input), 1e99)",
    "above(mean_squared_error(output, input), .)",
    "above(mean_squared_error(output, input), 1e9999999999)",
    "above(mean_squared_error(output, input), 123456789012345678901234567890)",
  ])
  func refuses(text: String) {
    #expect(throws: DecisionRuleError.self) { try DecisionRule(parsing: text) }
  }

  /// The text is in the manifest, so every threshold must come back as it was.
  @Test func thresholdsComeBack() throws {
    var random = SeededRandom(seed: 7)
    for _ in 0..<20_000 {
      let exponent = Int(random.next() % 40) - 20
      let number = Float(
        sign: .plus, exponent: exponent,
        significand: 1 + Float(random.next() & 0x7f_ffff) * 0x1p-23)
      let rule = DecisionRule.aboveError(threshold: number)
      #expect(try DecisionRule(parsing: rule.description) == rule)
    }
  }
}
