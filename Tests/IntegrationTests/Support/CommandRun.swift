import Foundation

/// A run of the `bramble` program as its own process.
final class CommandRun: Sendable {
  struct Result: Sendable {
    var status: Int32
    var output: String
    var diagnostics: String

    /// The output as JSON.
    func json() throws -> Any {
      try JSONSerialization.jsonObject(with: Data(output.utf8), options: .fragmentsAllowed)
    }
  }

  /// The program beside this test program, as the build leaves it.
  static var program: URL {
    Bundle.main.bundleURL.resolvingSymlinksInPath().appending(path: "bramble")
  }

  private let process: Process
  private let folder: URL
  private let ended: AsyncStream<Void>

  /// Starts it; its streams go to files, so that it never waits for anybody to read.
  init(_ arguments: [String], in directory: URL, environment: [String: String] = [:]) throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "bramble-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let (ended, end) = AsyncStream.makeStream(of: Void.self)
    self.ended = ended
    process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.currentDirectoryURL = directory
    var variables = ProcessInfo.processInfo.environment
    // Keys and settings of whoever runs the tests shall not matter.
    variables["HOME"] = folder.path(percentEncoded: false)
    variables["SSH_AUTH_SOCK"] = nil
    process.environment = variables.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try Self.file(folder.appending(path: "output"))
    process.standardError = try Self.file(folder.appending(path: "diagnostics"))
    process.terminationHandler = { _ in end.finish() }
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  var isRunning: Bool { process.isRunning }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits for its end. A signal's number is told as minus that.
  func result() async throws -> Result {
    for await _ in ended {}
    process.waitUntilExit()
    let status = process.terminationStatus
    return Result(
      status: process.terminationReason == .exit ? status : -status,
      output: try text("output"), diagnostics: try text("diagnostics"))
  }

  private func text(_ name: String) throws -> String {
    try String(decoding: Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }

  private static func file(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }
}
