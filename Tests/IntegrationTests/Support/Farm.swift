import Encoding
import Foundation
import Lab
import Store
import Testing
import TinyNetworks

/// A lab's devices, registered in a workspace of their own, with the agent installed.
struct Farm: Sendable {
  let lab: Lab
  let folder: URL

  /// The agents as `Agents/build.sh` leaves them, or where `BRAMBLE_AGENTS` says.
  static var agents: String {
    ProcessInfo.processInfo.environment["BRAMBLE_AGENTS"]
      ?? URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../Agents/build"
      )
      .standardizedFileURL.path(percentEncoded: false)
  }

  /// Makes the farm, runs `body` and takes everything down, however it ends.
  ///
  /// - Parameter installing: whether the devices are registered and get their agent first.
  static func with(
    _ devices: [LabDevice], installing: Bool = true, _ body: (Farm) async throws -> Void
  ) async throws {
    try await Lab.with(devices) { lab in
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "bramble-farm-\(UUID().uuidString.prefix(8))")
      defer { try? FileManager.default.removeItem(at: folder) }
      let farm = Farm(lab: lab, folder: folder)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try await farm.expect(0, "init")
      if installing {
        for device in lab.devices { try await farm.register(device) }
        try await farm.expect(0, "agent install")
      }
      try await body(farm)
    }
  }

  func register(_ device: Device) async throws {
    try await expect(
      0,
      ["device", "add", device.name, "\(device.user)@\(device.host):\(device.port)"]
        + ["--identity", device.identity.path(percentEncoded: false)]
        + ["--host-key", try device.hostKeyFingerprint])
  }

  // MARK: Running commands

  func start(_ arguments: [String]) throws -> CommandRun {
    try CommandRun(arguments, in: folder, environment: ["BRAMBLE_AGENTS": Self.agents])
  }

  func run(_ arguments: [String]) async throws -> CommandRun.Result {
    try await start(arguments).result()
  }

  /// Runs a command and requires its exit status.
  @discardableResult
  func expect(
    _ status: Int32, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> CommandRun.Result {
    let result = try await run(arguments)
    try #require(
      result.status == status,
      "bramble \(arguments.joined(separator: " ")):\n\(result.diagnostics)\n\(result.output)",
      sourceLocation: sourceLocation)
    return result
  }

  @discardableResult
  func expect(
    _ status: Int32, _ line: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> CommandRun.Result {
    try await expect(
      status, line.split(separator: " ").map(String.init), sourceLocation: sourceLocation)
  }

  // MARK: What is in the workspace

  func store() throws -> Store {
    try Store(path: Workspace(root: folder.path(percentEncoded: false)).database)
  }

  /// Imports a network and makes its variants.
  func addModel(
    _ network: TinyNetwork, named name: String, recipes: [String] = ["float32"]
  ) async throws {
    try Data(network.tflite()).write(to: folder.appending(path: "\(name).tflite"))
    try Data(TinyWindows.npz(count: 90)).write(to: folder.appending(path: "windows.npz"))
    try await expect(
      0,
      ["model", "add", "\(name).tflite", "--name", name, "--labels"]
        + [TinyNetwork.labels.joined(separator: ",")])
    try await expect(
      0,
      ["compress", name, "--evaluate", "windows.npz"] + recipes.flatMap { ["--recipe", $0] })
  }

  /// The digest of `model@recipe`.
  func digest(_ variant: String) throws -> Digest { try store().variant(matching: variant).digest }
}
