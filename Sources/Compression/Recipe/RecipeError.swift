/// What is wrong with a recipe's text, and where.
public struct RecipeError: Error, Equatable, Sendable, CustomStringConvertible {
  public var text: String
  /// Counted from 1, in characters.
  public var column: Int
  public var reason: String

  public init(text: String, column: Int, reason: String) {
    self.text = text
    self.column = column
    self.reason = reason
  }

  /// Three lines: the reason, the recipe, and a mark under the column.
  public var description: String {
    """
    recipe, column \(column): \(reason)
      \(text)
      \(String(repeating: " ", count: max(0, column - 1)))^
    """
  }
}
