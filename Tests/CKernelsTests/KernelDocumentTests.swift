import Foundation
import Testing

/// `Sources/Inference/Inference.docc/Kernels.md` says what the code does.
@Suite struct KernelDocumentTests {
  private static let file = KernelTarget.root
    .appending(path: "Sources/Inference/Inference.docc/Kernels.md")
  private static let isas = [
    "scalar", "armv6", "neon", "neon_a53", "dotprod", "avx2", "avx512vnni",
  ]

  /// The cells of a column, or `nil` where a tool is missing.
  private static func cells(
    _ column: KernelColumn, _ entries: [KernelEntry]?, _ tiles: [String: String]?
  ) -> [String]? {
    guard let entries, let tiles else { return nil }
    return entries.map { entry in
      guard entry.isa == column.table else { return "(\(entry.isa))" }
      guard entry.family == "gemm" else { return "own" }
      let type = entry.name.prefix { $0 != "_" }
      return tiles["\(entry.isa) \(type)"] ?? "no loop is named"
    }
  }

  /// What the table should say, a row an entry; cells that cannot be known here are `nil`.
  private static func rows() throws -> (entries: [KernelEntry], cells: [[String?]]) {
    var tables: [String: [String: [KernelEntry]]] = [:]
    var tiles: [String: [String: String]] = [:]
    for target in KernelTarget.all {
      tables[target.name] = try target.entries()
      tiles[target.name] = try target.tiles()
    }
    let portable = try #require(tables["host"]?["scalar"])
    let columns = KernelColumn.all.map {
      cells($0, tables[$0.target.name]?[$0.table], tiles[$0.target.name])
    }
    for (name, entries) in tables.values.flatMap({ $0 }) {
      #expect(entries.map(\.name) == portable.map(\.name), "\(name)")
      for entry in entries {
        // The grammar of names: an entry's function has the entry's name and an instruction set's.
        #expect(entry.function == "bk_\(entry.name)__\(entry.isa)", "\(name)")
        #expect(isas.contains(entry.isa), "\(entry.function)")
        #expect(entry.name.wholeMatch(of: /((f32|f16|i8|i4|i32)_)+[a-z0-9]+(_[a-z0-9]+)*/) != nil)
      }
    }
    return (portable, portable.indices.map { row in columns.map { $0?[row] } })
  }

  /// With `BRAMBLE_WRITE_KERNELS` set, the table is written anew instead.
  @Test func everyCellIsTrue() throws {
    let text = try String(contentsOf: Self.file, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let head = try #require(lines.firstIndex { $0.hasPrefix("| family |") })
    let end = lines[head...].firstIndex { !$0.hasPrefix("|") } ?? lines.endIndex
    let (entries, cells) = try Self.rows()
    let headings = ["family", "kernel"] + KernelColumn.all.map(\.heading)
    let stands = lines[(head + 2)..<end].map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    if ProcessInfo.processInfo.environment["BRAMBLE_WRITE_KERNELS"] != nil {
      let body = zip(entries, cells).map { entry, row in
        let cells = row.map { $0 ?? "?" }
        return "| " + ([entry.family, "`\(entry.name)`"] + cells).joined(separator: " | ") + " |"
      }
      let heading = "| " + headings.joined(separator: " | ") + " |"
      let rule = "|" + String(repeating: " --- |", count: headings.count)
      let changed = lines[..<head] + [heading, rule] + body + lines[end...]
      try changed.joined(separator: "\n").write(to: Self.file, atomically: true, encoding: .utf8)
      return
    }
    #expect(lines[head] == "| " + headings.joined(separator: " | ") + " |")
    try #require(stands.map { $0.prefix(2) } == entries.map { [$0.family, "`\($0.name)`"] })
    for (row, (entry, right)) in zip(stands, zip(entries, cells)) {
      for (position, cell) in right.enumerated() where cell != nil {
        #expect(row[position + 2] == cell, "\(entry.name), \(headings[position + 2])")
      }
    }
  }

  /// `<family>[__<isa>].c` and `.h`; what is included several times ends in `.inc.h`.
  @Test func filesKeepTheGrammarOfNames() throws {
    let name = try Regex("[a-z0-9]+(_[a-z0-9]+)*(__(\(Self.isas.joined(separator: "|"))))?")
    for folder in ["portable", "x86", "arm", "templates"] {
      let url = KernelTarget.root.appending(path: "Sources/CKernels/\(folder)")
      for file in try FileManager.default.contentsOfDirectory(atPath: url.path) {
        let stem = file.replacing(/(\.inc)?\.[ch]$/, with: "")
        #expect(stem != file && stem.wholeMatch(of: name) != nil, "\(folder)/\(file)")
        let isa = stem.components(separatedBy: "__").dropFirst().first
        if folder == "templates" { #expect(isa == nil, "\(file)") }
        if folder == "portable" { #expect(isa == nil || isa == "scalar", "\(file)") }
      }
    }
  }
}
