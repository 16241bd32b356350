import Reports

/// Rows of one kind, shown as a table for people or as JSON for programs: each column is one key.
struct Listing<Row> {
  struct Column {
    var key: String
    /// The table's heading; `nil` keeps the column out of the table.
    var title: String?
    var isNumeric: Bool
    var json: (Row) -> JSON
    var text: (Row) -> String
  }

  var columns: [Column] = []

  /// Text on the left.
  func text(_ key: String, _ title: String?, _ value: @escaping (Row) -> String?) -> Self {
    adding(key, title, isNumeric: false, json: { .optional(value($0)) }) { value($0) ?? "-" }
  }

  /// Numbers on the right, written for people by `shown`.
  func column(
    _ key: String, _ title: String?, _ json: @escaping (Row) -> JSON,
    shown: @escaping (Row) -> String
  ) -> Self {
    adding(key, title, isNumeric: true, json: json, text: shown)
  }

  func count(_ key: String, _ title: String?, _ value: @escaping (Row) -> (some BinaryInteger)?)
    -> Self
  {
    adding(key, title, isNumeric: true, json: { .optional(value($0)) }) {
      value($0).map { Quantity.grouped(Int64(clamping: $0)) } ?? "-"
    }
  }

  /// Several values in one cell.
  func list(_ key: String, _ title: String?, _ value: @escaping (Row) -> [String]) -> Self {
    adding(key, title, isNumeric: false, json: { .strings(value($0)) }) {
      value($0).isEmpty ? "-" : value($0).joined(separator: ",")
    }
  }

  private func adding(
    _ key: String, _ title: String?, isNumeric: Bool, json: @escaping (Row) -> JSON,
    text: @escaping (Row) -> String
  ) -> Self {
    var copy = self
    copy.columns.append(
      Column(key: key, title: title, isNumeric: isNumeric, json: json, text: text))
    return copy
  }

  func json(_ rows: [Row]) -> JSON { .array(rows.map { json(of: $0) }) }

  func json(of row: Row) -> JSON {
    .object(columns.map { JSON.Member(key: $0.key, value: $0.json(row)) })
  }

  /// One row as `title: value` lines.
  func sheet(of row: Row) -> String {
    let shown = columns.filter { $0.title != nil }
    let width = shown.map { $0.title?.count ?? 0 }.max() ?? 0
    return shown.map { column in
      let title = column.title ?? ""
      return title + String(repeating: " ", count: width - title.count + 2) + column.text(row)
    }.joined(separator: "\n")
  }

  /// Headings and rows in aligned columns, no line longer than it must be.
  func table(_ rows: [Row]) -> String {
    let shown = columns.filter { $0.title != nil }
    return TextTable(
      columns: shown.map { .init($0.title ?? "", $0.isNumeric ? .right : .left) },
      rows: rows.map { row in shown.map { $0.text(row) } }
    ).text()
  }
}
