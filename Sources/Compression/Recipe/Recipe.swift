public import ModelFormat

/// The ordered steps that turn a model into a variant, as text: `float16`, `dynamic-int8`, or
/// several of them joined by `+`, each with arguments in parentheses: `dynamic-int8(from: 1024)`.
public struct Recipe: Equatable, Hashable, Sendable, CustomStringConvertible {
  public let steps: [RecipeStep]

  /// - Throws: ``RecipeError``, which points at the column of what it did not understand.
  public init(parsing text: String) throws(RecipeError) {
    var parser = RecipeParser(text)
    let steps = try parser.recipe()
    for step in steps { _ = try step.pass(in: text) }
    self.steps = steps
  }

  /// The canonical text; parsing it gives the same recipe.
  public var description: String { steps.map(\.description).joined(separator: "+") }

  /// The variant of `graph` that the recipe describes: the same graph and recipe give the same bytes.
  ///
  /// - Throws: ``CompressionError`` when a pass refuses the graph, or spoils it.
  public func apply(to graph: Graph) throws(CompressionError) -> Graph {
    var result = graph
    for step in steps {
      let pass: any Pass
      do {
        pass = try step.pass(in: description)
      } catch {
        throw .recipe(error)
      }
      result = try pass.apply(to: result)
    }
    do {
      try result.validate()
    } catch {
      throw .invalid("\(error)")
    }
    return result
  }
}

/// One step of a recipe: a pass by name, with its arguments as they were written.
public struct RecipeStep: Hashable, Sendable, CustomStringConvertible {
  public var name: String
  public var arguments: [RecipeArgument]
  /// Where the name begins in the recipe's text, counted from 1; no part of equality.
  var column: Int

  public var description: String {
    arguments.isEmpty
      ? name : "\(name)(\(arguments.map(\.description).joined(separator: ", ")))"
  }

  public static func == (a: RecipeStep, b: RecipeStep) -> Bool {
    a.name == b.name && a.arguments == b.arguments
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(arguments)
  }
}

/// `label: value`, or a value alone.
public struct RecipeArgument: Hashable, Sendable, CustomStringConvertible {
  public var label: String?
  public var value: String
  var column: Int

  public var description: String { label.map { "\($0): \(value)" } ?? value }

  public static func == (a: RecipeArgument, b: RecipeArgument) -> Bool {
    a.label == b.label && a.value == b.value
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(label)
    hasher.combine(value)
  }
}
