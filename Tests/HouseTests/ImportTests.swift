import Foundation
import Testing

/// The compiler lets transitive imports pass, so the table is held against the manifest and against
/// every import line.
struct ImportTests {
  let manifest: Manifest

  init() throws { manifest = Manifest(try Repository.text("Package.swift")) }

  private var production: [Manifest.Target] { manifest.targets.filter { $0.kind != "testTarget" } }

  @Test func everyTargetHasItsFolderAndItsRule() {
    #expect(manifest.targets.count > 20)
    for target in manifest.targets {
      #expect(
        Repository.files.contains { $0.hasPrefix(target.path + "/") },
        "\(target.name): no tracked file lies in \(target.path)")
    }
    for target in production where !target.path.hasPrefix("Tests/") || target.name == "Lab" {
      #expect(
        ImportRules.allowed[target.name] != nil,
        "\(target.name) has no line in ImportRules: say there, and in CONTRIBUTING.md, what it may import"
      )
    }
  }

  @Test func theManifestKeepsToTheTable() {
    for target in production {
      guard let allowed = ImportRules.allowed[target.name] else { continue }
      let surplus = Set(target.dependencies).subtracting(allowed)
      #expect(surplus.isEmpty, "\(target.name) depends on \(surplus.sorted())")
    }
  }

  @Test func importLinesKeepToTheTable() throws {
    let known = Set(ImportRules.allowed.keys).union(ImportRules.allowed.values.joined())
    for target in production {
      guard let allowed = ImportRules.allowed[target.name] else { continue }
      for (file, module) in try imports(in: target.path) {
        if ImportRules.hall.contains(target.name) {
          #expect(
            allowed.contains(module), "\(file): the hall's \(target.name) imports \(module)")
        } else if known.contains(module) {
          #expect(allowed.contains(module), "\(file): \(target.name) imports \(module)")
        }
      }
    }
  }

  @Test func whatIsImportedIsDeclared() throws {
    let names = Set(manifest.targets.map(\.name))
    for target in manifest.targets {
      for (file, module) in try imports(in: target.path) where names.contains(module) {
        #expect(
          target.dependencies.contains(module),
          "\(file) imports \(module), which \(target.name) does not declare")
      }
    }
  }

  private func imports(in folder: String) throws -> [(file: String, module: String)] {
    let line = /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:\w+\s+)?import\s+(?:\w+\s+)?(\w+)/
    return try Repository.files
      .filter { $0.hasPrefix(folder + "/") && $0.hasSuffix(".swift") }
      .flatMap { file in
        try Repository.text(file).split(separator: "\n").compactMap { text in
          text.firstMatch(of: line).map { (file, String($0.output.1)) }
        }
      }
  }
}
