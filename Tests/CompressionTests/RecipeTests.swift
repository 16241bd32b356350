import ModelFormat
import Testing

@testable import Compression

@Suite("Recipes as text")
struct RecipeTests {
  @Test(
    "Recipes parse, and their text is canonical",
    arguments: [
      ("float32", "float32"), ("  float16 ", "float16"), ("dynamic-int8", "dynamic-int8"),
      ("float32 +dynamic-int8", "float32+dynamic-int8"),
      ("dynamic-int8( from :256 )", "dynamic-int8(from: 256)"),
      ("dynamic-int8(from: 0)+float16", "dynamic-int8(from: 0)+float16"),
      ("int4(from: 4096)+dynamic-int8", "int4(from: 4096)+dynamic-int8"),
    ])
  func parsing(_ text: String, _ canonical: String) throws {
    let recipe = try Recipe(parsing: text)
    #expect(recipe.description == canonical)
    #expect(try Recipe(parsing: recipe.description) == recipe)
  }

  @Test(
    "What is wrong is told with its column",
    arguments: [
      ("", 1, "expected a step's name"), ("float17", 1, "no step 'float17'"),
      ("float16+", 9, "found the end"), ("float16 + prune(0.8)", 11, "no step 'prune'"),
      ("float16 float32", 9, "expected '+' or the end"), ("float16(1)", 9, "takes no arguments"),
      ("dynamic-int8(from: many)", 14, "whole number"), ("int4(from: x)", 6, "whole number"),
      ("dynamic-int8(from: -1)", 14, "whole number"),
      ("dynamic-int8(below: 3)", 14, "not 'below: 3'"),
      ("dynamic-int8(from: 3, from: 4)", 23, "not 'from: 4'"),
      ("dynamic-int8(from: 3", 21, "expected ',' or ')'"), ("dynamic-int8()", 14, "an argument"),
      ("float16+;", 9, "found ';'"), ("dynamic-int8(from:)", 19, "a value for 'from'"),
    ])
  func errors(_ text: String, _ column: Int, _ reason: String) throws {
    let error = #expect(throws: RecipeError.self) { try Recipe(parsing: text) }
    #expect(error?.column == column)
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    let lines = error?.description.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    #expect(lines.last?.count == column + 2)
  }
}
