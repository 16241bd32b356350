import Foundation
import ModelFormat
import Testing

@testable import Inference

/// `Sources/Inference/Inference.docc/Operators.md` says what the code does.
@Suite struct OperatorTableTests {
  private static let file = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(
      path: "../../Sources/Inference/Inference.docc/Operators.md")

  /// The rows as they should stand, each cell found out by trying.
  private static func rows() -> [String] {
    OperatorTrial.all.map { trial in
      let cells = OperatorTrial.Numbers.allCases.map { numbers in
        switch trial.runs(in: numbers) {
        case true: "yes"
        case false: "no"
        case nil: "-"
        }
      }
      return "| \(trial.operation.name) | " + cells.joined(separator: " | ") + " |"
    }
  }

  /// With `BRAMBLE_WRITE_OPERATORS` set, the table is written anew instead.
  @Test func everyCellIsTrue() throws {
    let text = try String(contentsOf: Self.file, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let head = try #require(lines.firstIndex { $0.hasPrefix("| ---") })
    let end = lines[head...].firstIndex { !$0.hasPrefix("|") } ?? lines.endIndex
    let rows = Self.rows()
    if ProcessInfo.processInfo.environment["BRAMBLE_WRITE_OPERATORS"] != nil {
      let changed = lines[...head] + rows + lines[end...]
      try changed.joined(separator: "\n").write(to: Self.file, atomically: true, encoding: .utf8)
      return
    }
    for (stands, right) in zip(lines[(head + 1)..<end], rows) { #expect(stands == right) }
    #expect(lines[(head + 1)..<end].count == rows.count)
  }

  @Test func everyOperatorIsTried() {
    let tried = Set(OperatorTrial.all.map(\.operation.name))
    let known = Set(EveryOperator.graph().nodes.map(\.operation.name))
    // Indices, and the changes of type that are columns of the table.
    #expect(known.subtracting(tried).isSubset(of: ["gather", "quantize", "dequantize"]))
  }
}
