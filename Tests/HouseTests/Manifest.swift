import Foundation

/// The targets that Package.swift declares, read from its text: no build tool runs inside a test.
struct Manifest {
  struct Target: Equatable {
    var kind: String
    var name: String
    /// Targets and products alike.
    var dependencies: [String]
    var path: String
  }

  let targets: [Target]

  init(_ text: String) {
    let code = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.drop(while: \.isWhitespace).hasPrefix("//") ? "" : String($0) }
      .joined(separator: "\n")
    targets = Self.calls(in: code).compactMap(Target.init)
  }

  /// Every `.target(...)`, `.executableTarget(...)`, ... with the text between its parentheses.
  private static func calls(in code: String) -> [(kind: String, body: String)] {
    let kinds = ["target", "executableTarget", "testTarget", "systemLibrary"]
    return kinds.flatMap { kind in
      code.ranges(of: ".\(kind)(").map { range in
        (kind, String(code[range.upperBound..<end(of: code[range.upperBound...])]))
      }
    }
  }

  /// Where the parenthesis that was opened before `text` is closed.
  private static func end(of text: Substring) -> String.Index {
    var depth = 1
    for index in text.indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" { depth -= 1 }
      if depth == 0 { return index }
    }
    return text.endIndex
  }
}

extension Manifest.Target {
  fileprivate init?(kind: String, body: String) {
    guard let name = Self.string(after: "name:", in: body) else { return nil }
    self.kind = kind
    self.name = name
    path =
      Self.string(after: "path:", in: body) ?? (kind == "testTarget" ? "Tests/" : "Sources/") + name
    dependencies = Self.list(after: "dependencies:", in: body)
  }

  private static func string(after label: String, in body: String) -> String? {
    guard let start = body.range(of: label)?.upperBound else { return nil }
    let parts = body[start...].split(separator: "\"", maxSplits: 2)
    return parts.count > 1 ? String(parts[1]) : nil
  }

  private static func list(after label: String, in body: String) -> [String] {
    guard let start = body.range(of: label)?.upperBound,
      let end = body[start...].firstIndex(of: "]")
    else { return [] }
    // A product is written with its package, which is not a dependency of its own.
    let list = body[start..<end].replacing(/,\s*package:\s*"[^"]*"/, with: "")
    return list.matches(of: /"([^"]+)"/).map { String($0.output.1) }
  }
}
