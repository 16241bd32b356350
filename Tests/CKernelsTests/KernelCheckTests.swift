import Foundation
import Testing

/// Compiles the kernels with their checks for each architecture and runs them, under emulation
/// where it must be: every instruction set against plain loops, and all against each other.
@Suite struct KernelCheckTests {
  @Test func everyInstructionSetGivesTheSameDigests() throws {
    let folder = try TemporaryFolder()
    var digests: [String: Set<String>] = [:]
    var tables: Set<String> = []
    for target in KernelTarget.all {
      guard let program = try target.compile(into: folder.url) else { continue }
      for (cpu, chosen) in target.cpus {
        guard let output = try target.run(program, cpu: cpu) else { continue }
        for line in output.split(separator: "\n") {
          let words = line.split(separator: " ").map(String.init)
          if words.first == "digest" { digests[words[2], default: []].insert(words[3]) }
          if words.first == "table" { tables.insert("\(target.name) \(words[1])") }
          if words.first == "selected", !chosen.isEmpty { #expect(words[1] == chosen, "on \(cpu)") }
        }
      }
    }
    #expect(digests.count == 9)
    for (family, values) in digests {
      #expect(values.count == 1, "\(family) differs between instruction sets: \(values)")
    }
    if ProcessInfo.processInfo.environment["CI"] == "true" {
      let expected: Set = [
        "aarch64 scalar", "aarch64 neon", "aarch64 neon_a53", "aarch64 dotprod", "armv7 scalar",
        "armv7 armv6", "armv7 neon", "armv6 scalar", "armv6 armv6",
      ]
      #expect(tables.isSuperset(of: expected), "missing \(expected.subtracting(tables))")
    }
  }
}
