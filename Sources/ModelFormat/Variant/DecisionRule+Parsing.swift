/// Why text is not a decision rule.
public struct DecisionRuleError: Error, Equatable, Sendable {
  public var text: String
  public var reason: String

  public init(text: String, reason: String) {
    self.text = text
    self.reason = reason
  }
}

extension DecisionRuleError: CustomStringConvertible {
  public var description: String {
    "decision rule \"\(text)\": \(reason); rules are argmax(output), "
      + "argmax(mean(output, over: time)), argmax(last(output, over: time)) and "
      + "above(mean_squared_error(output, input), NUMBER)"
  }
}

extension DecisionRule: CustomStringConvertible {
  /// The text that ``init(parsing:)`` reads back to the same rule.
  public var description: String {
    switch self {
    case .argmax: "argmax(output)"
    case .argmaxOfMean: "argmax(mean(output, over: time))"
    case .argmaxOfLast: "argmax(last(output, over: time))"
    case .aboveError(let threshold):
      "above(mean_squared_error(output, input), \(threshold.description))"
    }
  }

  /// Reads a rule; spaces between its words do not matter.
  public init(parsing text: String) throws(DecisionRuleError) {
    func error(_ reason: String) -> DecisionRuleError {
      DecisionRuleError(text: text, reason: reason)
    }
    // No word borders on another, so spaces carry no meaning.
    let letters = text.utf8.filter { $0 != 0x20 && $0 != 0x09 }
    for rule in [DecisionRule.argmax, .argmaxOfMean, .argmaxOfLast] {
      if letters == rule.description.utf8.filter({ $0 != 0x20 }) {
        self = rule
        return
      }
    }
    let prefix = Array("above(mean_squared_error(output,input),".utf8)
    guard letters.count > prefix.count, Array(letters[..<prefix.count]) == prefix else {
      throw error("not understood")
    }
    guard letters.last == 0x29 else { throw error("a closing parenthesis is missing") }
    guard let threshold = parseDecimal(letters[prefix.count..<letters.count - 1]) else {
      throw error("the threshold is not a decimal number")
    }
    let number = Float(threshold)
    guard number >= 0, number.isFinite else { throw error("the threshold is out of range") }
    self = .aboveError(threshold: number)
  }
}

/// A number such as `0.35`, `12` or `1.5e-07`, without a sign; `nil` for all else.
func parseDecimal(_ text: ArraySlice<UInt8>) -> Double? {
  var significand: UInt64 = 0
  var exponent = 0
  var digits = 0
  var seenPoint = false
  var index = text.startIndex
  while index < text.endIndex {
    let character = text[index]
    if character == 0x2e {
      guard !seenPoint else { return nil }
      seenPoint = true
    } else if (48...57).contains(character) {
      guard digits < 18 else { return nil }
      significand = significand * 10 + UInt64(character - 48)
      digits += significand == 0 ? 0 : 1
      if seenPoint { exponent -= 1 }
    } else {
      break
    }
    index += 1
  }
  guard index > text.startIndex, index > text.startIndex + (seenPoint ? 1 : 0) else { return nil }
  if index < text.endIndex {
    guard text[index] | 0x20 == 0x65, let shift = parseExponent(text[(index + 1)...]) else {
      return nil
    }
    exponent += shift
  }
  guard (-300...300).contains(exponent) else { return nil }
  var power = 1.0
  for _ in 0..<abs(exponent) { power *= 10 }
  return exponent < 0 ? Double(significand) / power : Double(significand) * power
}

private func parseExponent(_ text: ArraySlice<UInt8>) -> Int? {
  var digits = text
  let isNegative = digits.first == 0x2d
  if isNegative || digits.first == 0x2b { digits = digits.dropFirst() }
  guard !digits.isEmpty, digits.count <= 3 else { return nil }
  var value = 0
  for digit in digits {
    guard (48...57).contains(digit) else { return nil }
    value = value * 10 + Int(digit - 48)
  }
  return isNegative ? -value : value
}
