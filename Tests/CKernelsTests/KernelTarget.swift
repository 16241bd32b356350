import Foundation
import Testing

/// An architecture that the kernel check is compiled for, and the CPUs that it runs on.
struct KernelTarget: Sendable {
  var name: String
  var flags: [String]
  /// The cross compiler whose C library is used; `nil` for this machine.
  var gcc: String?
  var emulator: String?
  /// What the emulator is told to be, and which kernels are chosen there.
  var cpus: KeyValuePairs<String, String>

  static let all = [
    KernelTarget(name: "host", flags: [], gcc: nil, emulator: nil, cpus: ["host": ""]),
    KernelTarget(
      name: "aarch64", flags: ["--target=aarch64-linux-gnu"], gcc: "aarch64-linux-gnu-gcc",
      emulator: "qemu-aarch64-static",
      cpus: [
        "cortex-a53": "neon_a53", "cortex-a72": "neon", "cortex-a76": "dotprod", "max": "dotprod",
      ]),
    KernelTarget(
      name: "armv7",
      flags: [
        "--target=arm-linux-gnueabi", "-march=armv7-a", "-mfpu=neon", "-mfloat-abi=softfp",
      ],
      gcc: "arm-linux-gnueabi-gcc", emulator: "qemu-arm-static", cpus: ["cortex-a7": "neon"]),
    KernelTarget(
      name: "armv6",
      flags: [
        "--target=arm-linux-gnueabi", "-march=armv6", "-mfpu=vfp", "-mfloat-abi=softfp",
      ],
      gcc: "arm-linux-gnueabi-gcc", emulator: "qemu-arm-static", cpus: ["arm1176": "armv6"]),
  ]

  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The program, or `nil` when a tool is missing outside of CI.
  func compile(into folder: URL, optimization: String = "-O2") throws -> URL? {
    guard let clang = try tool("clang") else { return nil }
    let program = folder.appending(path: "kernel-check-\(name)")
    var arguments = [
      optimization, "-w", "-ffp-contract=off", "-fno-math-errno", "-o", program.path,
      "-fuse-ld=lld",
      // Functions stand where the file says, so that they can be told by their addresses.
      "-no-pie",
    ]
    arguments += includes
    arguments += flags
    if let gcc {
      guard let gcc = try tool(gcc) else { return nil }
      let library = try Command(gcc, ["-print-libgcc-file-name"]).output()
      arguments += [
        "-static", "--gcc-install-dir=\(URL(filePath: library).deletingLastPathComponent().path)",
      ]
    }
    arguments += try (Self.kernelSources + Self.files("Tests/CKernelsCheck")).map(\.path)
    _ = try Command(clang, arguments + ["-lm"]).output()
    return program
  }

  /// What the program prints, or `nil` when the emulator is missing outside of CI. Fails when the program does.
  func run(_ program: URL, cpu: String, _ arguments: [String] = []) throws -> String? {
    guard let emulator else { return try Command(program, arguments).output() }
    guard let emulator = try tool(emulator) else { return nil }
    // Not what this shell wants, but what the core gets.
    let all = ["-U", "BRAMBLE_ISA", "-cpu", cpu, program.path] + arguments
    return try Command(emulator, all).output()
  }

  /// The assembly of one of the kernels' files, with the names of its loops in comments.
  func assembly(of source: URL) throws -> String? {
    guard let clang = try tool("clang") else { return nil }
    let options = ["-O3", "-w", "-ffp-contract=off", "-fno-math-errno", "-DBK_NAME_LOOPS"]
    return try Command(clang, options + includes + flags + ["-S", "-o", "-", source.path]).output()
  }

  /// The functions of a program, by their addresses.
  func symbols(of program: URL) throws -> [UInt: String]? {
    guard let nm = try tool(gcc.map { $0.replacing("-gcc", with: "-nm") } ?? "nm") else {
      return nil
    }
    var symbols: [UInt: String] = [:]
    for line in try Command(nm, [program.path]).output().split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 3, words[1].lowercased() == "t", words[2].hasPrefix("bk_") else {
        continue
      }
      symbols[UInt(words[0], radix: 16) ?? 0] = String(words[2])
    }
    return symbols
  }

  static var kernelSources: [URL] {
    get throws { try ["portable", "x86", "arm"].flatMap { try files("Sources/CKernels/\($0)") } }
  }

  private var includes: [String] {
    var all = [
      "-I", Self.root.appending(path: "Sources/CKernels/include").path,
      "-I", Self.root.appending(path: "Sources/CKernels").path,
    ]
    if let gcc { all += ["-isystem", "/usr/\(gcc.replacing("-gcc", with: ""))/include"] }
    return all
  }

  private static func files(_ folder: String) throws -> [URL] {
    let url = root.appending(path: folder).resolvingSymlinksInPath()
    return try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "c" }.sorted { $0.path < $1.path }
  }

  /// Looks a tool up in PATH; a missing one fails the test in CI and is skipped elsewhere.
  private func tool(_ name: String) throws -> URL? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    for folder in path.split(separator: ":") {
      let url = URL(filePath: String(folder)).appending(path: name)
      if FileManager.default.isExecutableFile(atPath: url.path) { return url }
    }
    let isCI = ProcessInfo.processInfo.environment["CI"] == "true"
    #expect(!isCI, "\(name) is not installed")
    print("skipped: \(self.name) kernels are not checked, as \(name) is not installed")
    return nil
  }
}
