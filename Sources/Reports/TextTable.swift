/// A plain table: aligned columns, two spaces between them, no lines around them.
public struct TextTable: Equatable, Sendable {
  public enum Alignment: Sendable {
    case left
    case right
  }
  public struct Column: Equatable, Sendable {
    public var title: String
    public var alignment: Alignment

    public init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }
  public var columns: [Column]
  /// Each as long as `columns`; what is missing is empty.
  public var rows: [[String]]

  public init(columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// Columns that say nothing in any row are left out; lines end at their last character.
  public func text() -> String {
    let cells = rows.map { row in
      columns.indices.map { $0 < row.count ? row[$0].withoutControls : "" }
    }
    let shown = columns.indices.filter { column in
      cells.isEmpty || cells.contains { !$0[column].isEmpty }
    }
    let widths = columns.indices.map { column in
      cells.reduce(columns[column].title.displayWidth) { max($0, $1[column].displayWidth) }
    }
    let lines = [columns.map(\.title)] + cells
    return lines.map { line in
      shown.map { pad(line[$0], to: widths[$0], columns[$0].alignment) }
        .joined(separator: "  ").trimmedAtEnd
    }.joined(separator: "\n")
  }

  private func pad(_ text: String, to width: Int, _ alignment: Alignment) -> String {
    let space = String(repeating: " ", count: max(width - text.displayWidth, 0))
    return alignment == .left ? text + space : space + text
  }
}

extension String {
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
