/// Reads `step + step + …`, where a step is `name` or `name(argument, argument, …)` and an argument
/// is `value` or `label: value`. Names and values are letters, digits, `-`, `_`, `.` and `%`.
struct RecipeParser {
  private let text: String
  private let characters: [Character]
  private var position = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  mutating func recipe() throws(RecipeError) -> [RecipeStep] {
    var steps = [try step()]
    while accept("+") { steps.append(try step()) }
    guard position == characters.count else {
      throw error("expected '+' or the end, found '\(characters[position])'")
    }
    return steps
  }

  private mutating func step() throws(RecipeError) -> RecipeStep {
    skipSpace()
    let column = position + 1
    let name = try word("a step's name, such as float16 or dynamic-int8")
    var arguments: [RecipeArgument] = []
    if accept("(") {
      arguments.append(try argument())
      while accept(",") { arguments.append(try argument()) }
      guard accept(")") else { throw error("expected ',' or ')' \(found)") }
    }
    return RecipeStep(name: name, arguments: arguments, column: column)
  }

  private mutating func argument() throws(RecipeError) -> RecipeArgument {
    skipSpace()
    let column = position + 1
    let first = try word("an argument")
    guard accept(":") else { return RecipeArgument(label: nil, value: first, column: column) }
    return RecipeArgument(label: first, value: try word("a value for '\(first)'"), column: column)
  }

  private mutating func word(_ what: String) throws(RecipeError) -> String {
    skipSpace()
    let start = position
    while position < characters.count, Self.isWord(characters[position]) { position += 1 }
    guard position > start else { throw error("expected \(what), \(found)") }
    return String(characters[start..<position])
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_.%".contains(character))
  }

  private mutating func accept(_ character: Character) -> Bool {
    skipSpace()
    guard position < characters.count, characters[position] == character else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < characters.count, characters[position] == " " { position += 1 }
  }

  private var found: String {
    position < characters.count ? "found '\(characters[position])'" : "found the end"
  }

  private func error(_ reason: String) -> RecipeError {
    RecipeError(text: text, column: position + 1, reason: reason)
  }
}
