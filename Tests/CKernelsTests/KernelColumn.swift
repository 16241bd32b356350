import Foundation

/// A column of the table of kernels: the kernels of one instruction set.
struct KernelColumn: Sendable {
  var heading: String
  var target: KernelTarget
  /// The name of the table in the code.
  var table: String

  static let all: [KernelColumn] = {
    let (host, aarch64, armv7, armv6) =
      (KernelTarget.all[0], KernelTarget.all[1], KernelTarget.all[2], KernelTarget.all[3])
    return [
      KernelColumn(heading: "scalar", target: host, table: "scalar"),
      KernelColumn(heading: "armv6", target: armv6, table: "armv6"),
      KernelColumn(heading: "neon on ARMv7", target: armv7, table: "neon"),
      KernelColumn(heading: "neon_a53", target: aarch64, table: "neon_a53"),
      KernelColumn(heading: "neon", target: aarch64, table: "neon"),
      KernelColumn(heading: "dotprod", target: aarch64, table: "dotprod"),
      KernelColumn(heading: "avx2", target: host, table: "avx2"),
      KernelColumn(heading: "avx512vnni", target: host, table: "avx512vnni"),
    ]
  }()
}

/// An entry of a table and the function that stands there.
struct KernelEntry {
  var family: String
  var name: String
  var function: String

  /// The instruction set that the function is written or compiled for.
  var isa: String { function.components(separatedBy: "__").last ?? function }
}

extension KernelTarget {
  /// The entries of each table that this target has, in the order of the code, or `nil` when a tool is missing.
  func entries() throws -> [String: [KernelEntry]]? {
    let folder = try TemporaryFolder()
    guard let program = try compile(into: folder.url, optimization: "-O0"),
      let symbols = try symbols(of: program),
      let output = try run(program, cpu: cpus[0].key, ["list"])
    else { return nil }
    var tables: [String: [KernelEntry]] = [:]
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      let function = UInt(words[4], radix: 16).flatMap { symbols[$0] }
      tables[words[1], default: []].append(
        KernelEntry(family: words[2], name: words[3], function: function ?? "no function"))
    }
    return tables
  }

  /// The products' tiles by `isa type`, as the code names its loops: the largest one of several rows, and the
  /// widest one of a single row.
  func tiles() throws -> [String: String]? {
    var sizes: [String: [(rows: Int, columns: Int)]] = [:]
    for source in try Self.kernelSources {
      let isa = source.deletingPathExtension().lastPathComponent.components(separatedBy: "__")
      guard isa.count == 2 else { continue }
      guard let text = try assembly(of: source) else { return nil }
      for loop in text.matches(of: /loop ([fi]\d+) (\d+)x(\d+)/) {
        guard let rows = Int(loop.2), let columns = Int(loop.3) else { continue }
        sizes["\(isa[1]) \(loop.1)", default: []].append((rows, columns))
      }
    }
    return sizes.mapValues { all in
      let largest = all.filter { $0.rows > 1 }.max {
        ($0.rows * $0.columns, $0.rows) < ($1.rows * $1.columns, $1.rows)
      }
      let single = all.filter { $0.rows == 1 }.max { $0.columns < $1.columns }
      return [largest, single].compactMap { $0.map { "\($0.rows)x\($0.columns)" } }
        .joined(separator: ", ")
    }
  }
}
