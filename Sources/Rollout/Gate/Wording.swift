import Foundation

// Numbers as the sentences of findings and verdicts write them.

/// A rate as a percentage with three significant digits at the most.
func percent(_ rate: Double) -> String {
  let value = rate * 100
  let digits = value >= 99.95 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  var text = String(format: "%.\(digits)f", value)
  if text.contains(".") {
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
  }
  return text + "%"
}

func share(_ count: Int, _ total: Int) -> String {
  total > 0 ? percent(Double(count) / Double(total)) : "none"
}

func points(_ thousandths: Int) -> String {
  String(format: "%.1f points", Double(thousandths) / 10)
}

func milliseconds(_ microseconds: UInt64) -> String {
  microseconds >= 1_000_000 && microseconds % 100_000 == 0
    ? String(format: "%g s", Double(microseconds) / 1_000_000)
    : String(format: "%g ms", Double(microseconds) / 1_000)
}

func odds(_ factor: Double) -> String {
  factor >= 1_000_000 ? "more than a million" : String(format: "%.0f", factor)
}
