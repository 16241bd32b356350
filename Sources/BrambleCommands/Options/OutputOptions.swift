import ArgumentParser

/// How a result is written.
struct OutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
  }

  @Option(name: .shortAndLong, help: "How to write the result: table or json.")
  var output = Format.table

  /// Writes `rows` the way that was asked for; `empty` says in the table's place that there are none.
  func show<Row>(_ rows: [Row], as listing: Listing<Row>, empty: String, on terminal: Terminal) {
    switch output {
    case .json: terminal.print(listing.json(rows).text)
    case .table: rows.isEmpty ? terminal.note(empty) : terminal.print(listing.table(rows))
    }
  }

  /// Writes one result: `table` for people, `json` for programs.
  func show(json: JSON, table: @autoclosure () -> String, on terminal: Terminal) {
    terminal.print(output == .json ? json.text : table())
  }
}
