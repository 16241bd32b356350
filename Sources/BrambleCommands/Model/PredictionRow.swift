/// One window's prediction as it is listed.
struct PredictionRow {
  var window: Int
  var label: Int
  /// The class's name, where the model has names.
  var name: String?
  /// The true class, where the data tell it.
  var expected: Int?
  /// The mean squared error of reconstruction, where the rule judges by it.
  var error: Float?

  static func listing(for rows: [PredictionRow]) -> Listing<PredictionRow> {
    let isLabelled = rows.contains { $0.expected != nil }
    let reconstructs = rows.contains { $0.error != nil }
    return Listing()
      .count("window", "WINDOW") { $0.window }
      .count("label", "LABEL") { $0.label }
      .text("name", "NAME") { $0.name }
      .count("expected", isLabelled ? "EXPECTED" : nil) { $0.expected }
      .column("error", reconstructs ? "ERROR" : nil, { .optional($0.error.map(Double.init)) }) {
        $0.error.map { String($0) } ?? "-"
      }
      .text("verdict", isLabelled ? "" : nil) { row in
        row.expected.map { $0 == row.label ? "right" : "wrong" }
      }
  }
}
