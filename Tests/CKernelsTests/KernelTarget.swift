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
        "cortex-a53": "neon-a53", "cortex-a72": "neon", "cortex-a76": "dotprod", "max": "dotprod",
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

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The program, or `nil` when a tool is missing outside of CI.
  func compile(into folder: URL) throws -> URL? {
    guard let clang = try tool("clang") else { return nil }
    let program = folder.appending(path: "kernel-check-\(name)")
    var arguments = [
      "-O2", "-w", "-ffp-contract=off", "-fno-math-errno", "-o", program.path, "-fuse-ld=lld",
      "-I", Self.root.appending(path: "Sources/CKernels/include").path,
    ]
    arguments += flags
    if let gcc {
      guard let gcc = try tool(gcc) else { return nil }
      let library = try Command(gcc, ["-print-libgcc-file-name"]).output()
      let triple = gcc.lastPathComponent.replacing("-gcc", with: "")
      arguments += [
        "-static", "--gcc-install-dir=\(URL(filePath: library).deletingLastPathComponent().path)",
        "-isystem", "/usr/\(triple)/include",
      ]
    }
    arguments += try sources()
    _ = try Command(clang, arguments + ["-lm"]).output()
    return program
  }

  /// What the program prints, or `nil` when the emulator is missing outside of CI. Fails when the program does.
  func run(_ program: URL, cpu: String) throws -> String? {
    guard let emulator else { return try Command(program, []).output() }
    guard let emulator = try tool(emulator) else { return nil }
    // Not what this shell wants, but what the core gets.
    return try Command(emulator, ["-U", "BRAMBLE_ISA", "-cpu", cpu, program.path]).output()
  }

  private func sources() throws -> [String] {
    try [
      "Sources/CKernels/portable", "Sources/CKernels/x86", "Sources/CKernels/arm",
      "Tests/CKernelsCheck",
    ].flatMap { folder in
      let url = Self.root.appending(path: folder).resolvingSymlinksInPath()
      return try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "c" }.map(\.path).sorted()
    }
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

/// A program run to its end.
struct Command {
  struct Failure: Error {
    var description: String
  }

  private let program: URL
  private let arguments: [String]

  init(_ program: URL, _ arguments: [String]) {
    (self.program, self.arguments) = (program, arguments)
  }

  /// What it prints, without the last line end; throws with its output when it fails.
  func output() throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = program
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(program.path) failed:\n\(text)")
    }
    return text.trimmingCharacters(in: .newlines)
  }
}

/// A folder that goes away with its owner.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "bramble-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
