/// Why the inventory can't be used or was not changed. All problems of a reading are told at once.
public struct InventoryError: Error, Equatable, Sendable, CustomStringConvertible {
  public var problems: [InventoryProblem]

  public var description: String { problems.map(\.description).joined(separator: "\n") }

  init(_ problems: [InventoryProblem]) { self.problems = problems }

  init(_ file: String, _ reason: String) {
    problems = [InventoryProblem(file: file, reason: reason)]
  }
}

/// One thing that is wrong, and where.
public struct InventoryProblem: Equatable, Sendable, CustomStringConvertible {
  public var file: String
  /// From 1; `nil` where it concerns the whole file.
  public var line: Int?
  public var column: Int?
  /// What is wrong and what to do.
  public var reason: String

  /// `file:line:column: reason`, as compilers write it.
  public var description: String {
    [file, line.map(String.init), column.map(String.init)].compactMap { $0 }
      .joined(separator: ":") + ": " + reason
  }
}
