import Foundation
import Testing
import TinyNetworks

@testable import BrambleCommands

/// A workspace in a folder of its own for as long as a test runs; no device, no network.
struct Farmyard {
  let folder: URL

  static func with(_ body: (Farmyard) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "bramble-yard-\(UUID().uuidString.prefix(8))")
    defer { try? FileManager.default.removeItem(at: folder) }
    let yard = Farmyard(folder: folder)
    #expect(await Transcript.of(["init", yard.path]).status == .success)
    try await body(yard)
  }

  var path: String { folder.path(percentEncoded: false) }

  func file(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: folder.appending(path: name))
  }

  func run(_ arguments: [String], answers: [String] = []) async -> Transcript {
    await .of(["--workspace", path] + arguments, answers: answers)
  }

  /// Runs a command that has to succeed and gives its JSON.
  func json(_ arguments: [String]) async throws -> Any {
    let transcript = await run(arguments + ["-o", "json"])
    try #require(transcript.status == .success, "\(transcript.diagnostics)")
    return try JSONSerialization.jsonObject(with: Data(transcript.output.utf8))
  }

  /// Brings in a tiny network and its windows.
  func addTiny() async throws {
    try write(TinyNetwork().tflite(), to: "tiny.tflite")
    try write(TinyWindows.npz(count: 90), to: "windows.npz")
    let added = await run([
      "model", "add", file("tiny.tflite"), "--name", "tiny", "--labels", "walking,stairs,rest",
    ])
    try #require(added.status == .success, "\(added.diagnostics)")
  }
}
