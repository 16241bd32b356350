import Foundation

/// A kind of core that an agent runs on: this machine's own, or one that QEMU's user mode plays.
struct EmulatedCore: CustomStringConvertible, Sendable {
  let name: String
  /// Which of the agents in `Agents/build` runs there.
  let agent: String
  let emulator: String?
  let deviceClass: String

  var description: String { name }

  static let emulated: [EmulatedCore] = [
    EmulatedCore(
      name: "cortex-a53", agent: "aarch64", emulator: "qemu-aarch64-static",
      deviceClass: "aarch64-neon"),
    EmulatedCore(
      name: "cortex-a72", agent: "aarch64", emulator: "qemu-aarch64-static",
      deviceClass: "aarch64-neon"),
    EmulatedCore(
      name: "cortex-a7", agent: "armv7", emulator: "qemu-arm-static", deviceClass: "armv7-neon"),
    EmulatedCore(
      name: "arm1176", agent: "armv6", emulator: "qemu-arm-static", deviceClass: "armv6"),
  ]

  /// This machine, with the agent that is made for its kind.
  static let host = {
    #if arch(x86_64)
      let agent = "x86_64"
    #else
      let agent = "aarch64"
    #endif
    return EmulatedCore(name: "this machine", agent: agent, emulator: nil, deviceClass: "")
  }()

  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  var executable: String {
    let folder =
      ProcessInfo.processInfo.environment["BRAMBLE_AGENTS"] ?? "\(Self.repository)/Agents/build"
    return "\(folder)/bramble-agent-\(agent)"
  }

  /// Why tests cannot run on this core here; `nil` when they can.
  var obstacle: String? {
    if let emulator, emulatorPath == nil {
      return "\(emulator) is missing: apt-get install qemu-user-static"
    }
    if !FileManager.default.isExecutableFile(atPath: executable) {
      return "\(executable) is missing: run 'make agents'"
    }
    return nil
  }

  private var emulatorPath: String? {
    guard let emulator else { return nil }
    return ["/usr/bin", "/usr/local/bin"].map { "\($0)/\(emulator)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs `bramble-agent infer` there.
  func infer(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: emulatorPath ?? executable)
    process.arguments =
      (emulatorPath == nil ? [] : ["-cpu", name, executable]) + ["infer"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(text: "\(name): \(text)") }
    return text
  }

  struct Failure: Error { let text: String }
}
