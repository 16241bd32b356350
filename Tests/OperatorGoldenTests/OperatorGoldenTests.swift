import Testing

/// Single operators with random parameters against LiteRT's own kernels, on every set of kernels of this machine.
///
/// `Tests/OperatorGoldens/generate.py` makes the goldens; each says which kernels of LiteRT's made its output.
@Suite("Operators against LiteRT")
struct OperatorGoldenTests {
  @Test(arguments: GoldenArchive.names)
  func agrees(_ name: String) throws {
    let archive = try GoldenArchive(name)
    let choices = KernelChoice.all
    for golden in archive.cases where !Coverage.isPending(name, golden.entry.type) {
      if let failure = golden.failure(on: choices) { Issue.record("\(failure)") }
    }
  }

  @Test func thereAreEnoughCasesOfEachOperator() throws {
    #expect(GoldenArchive.names == Coverage.types.keys.sorted())
    for name in GoldenArchive.names {
      let archive = try GoldenArchive(name)
      let counts = Dictionary(grouping: archive.cases, by: \.entry.type).mapValues(\.count)
      #expect(Set(counts.keys) == Coverage.types[name], "\(name) has other types")
      for (type, count) in counts { #expect(count >= 20, "\(name) has \(count) cases of \(type)") }
    }
  }
}
