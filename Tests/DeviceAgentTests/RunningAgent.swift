import AgentProtocol
import Encoding
import Foundation
import ModelFormat
import Testing

@testable import DeviceAgent

/// The real agent's executable, serving a folder of its own.
final class RunningAgent {
  let folder: TemporaryFolder
  let root: Root
  private(set) var process: Process?

  /// Where `Agents/build.sh` puts the agent for this machine.
  static let executable: String = {
    if let path = ProcessInfo.processInfo.environment["BRAMBLE_AGENT"] { return path }
    let repository = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    #if arch(arm64)
      let name = "bramble-agent-aarch64"
    #else
      let name = "bramble-agent-x86_64"
    #endif
    return repository.appending(path: "Agents/build/\(name)").path
  }()

  init(start: Bool = true, root: String? = nil) throws {
    try #require(
      FileManager.default.isExecutableFile(atPath: Self.executable),
      "\(Self.executable) is missing: run 'make agents'")
    folder = try TemporaryFolder()
    self.root = Root(root ?? folder["root"])
    if start { try self.start() }
  }

  deinit { kill() }

  /// Runs the agent with `arguments` and gives its exit status and standard output.
  func run(_ arguments: [String], input: [UInt8]? = nil) throws -> (status: Int32, output: Data) {
    let process = Process()
    process.executableURL = URL(filePath: Self.executable)
    process.arguments = ["--root", root.path] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let stdin = Pipe()
    process.standardInput = stdin
    try process.run()
    if let input { try stdin.fileHandleForWriting.write(contentsOf: Data(input)) }
    try stdin.fileHandleForWriting.close()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, data)
  }

  func start(_ arguments: [String] = []) throws {
    let process = Process()
    process.executableURL = URL(filePath: Self.executable)
    process.arguments = ["--root", root.path, "serve"] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try Data().write(to: URL(filePath: folder["log"]))
    process.standardError = FileHandle(forWritingAtPath: folder["log"])
    try process.run()
    self.process = process
    try eventually("the daemon answers") { (try? self.status()) != nil }
  }

  /// As the power would be cut, but for what the kernel holds.
  func kill() {
    guard let process, process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func stop() {
    process?.terminate()
    process?.waitUntilExit()
  }

  func restart() throws {
    kill()
    try start()
  }

  /// The model's process, of which there is one at most beside a staging process.
  var children: [Int32] {
    guard let process else { return [] }
    let path = "/proc/\(process.processIdentifier)/task/\(process.processIdentifier)/children"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: " ").compactMap { Int32($0) }
  }

  // Talking to it.

  func control() throws -> ControlClient { try ControlClient(root.controlSocket) }
  func sensor() throws -> ControlClient { try ControlClient(root.inferenceSocket) }

  func ask(_ request: Request) throws -> Response {
    try #require(control().ask(request, milliseconds: 60_000), "no answer to \(request)")
  }

  func status() throws -> DeviceStatus {
    guard case .status(let status) = try ask(.status) else { throw Unexpected() }
    return status
  }

  func predict(_ label: Int) throws -> Response {
    try #require(
      sensor().ask(.predict(input: TestVariant.input(label)), milliseconds: 60_000), "no answer")
  }

  func upload(_ bytes: [UInt8]) throws -> Response {
    try ask(
      .upload(
        object: SHA256.digest(of: bytes), totalBytes: UInt64(bytes.count), offset: 0, bytes: bytes))
  }

  /// Sends a variant's package and stages it.
  func stage(_ variant: TestVariant, epoch: UInt64) throws {
    for bytes in [variant.manifest.encode(), variant.package, variant.probe] {
      #expect(try upload(bytes) == .received(bytes: UInt64(bytes.count)))
    }
    #expect(try ask(.stage(variant: variant.digest, epoch: Epoch(epoch))) == .done)
  }

  func activate(_ variant: TestVariant, epoch: UInt64, terms: TrialTerms = .lenient) throws {
    try stage(variant, epoch: epoch)
    #expect(
      try ask(.activate(variant: variant.digest, terms: terms, epoch: Epoch(epoch))) == .done)
  }

  func commit(_ variant: TestVariant, epoch: UInt64) throws {
    try activate(variant, epoch: epoch)
    #expect(try ask(.commit(variant: variant.digest, epoch: Epoch(epoch))) == .done)
  }

  /// Everything in the journal.
  func journal() throws -> [TelemetryRecord] {
    var records: [TelemetryRecord] = []
    while true {
      guard
        case .telemetry(let batch) = try ask(
          .collect(after: records.last?.position, maximumBytes: 100_000))
      else { throw Unexpected() }
      records += batch.records
      if !batch.hasMore { return records }
    }
  }

  struct Unexpected: Error {}
}

extension TrialTerms {
  static let lenient = TrialTerms(
    budget: 1_000_000, accuracyFloor: 0, deadMan: 600_000, hangLimit: 10_000_000)
}

/// Waits until `condition` holds; a minute at most, which only a broken agent needs.
func eventually(_ what: String, _ condition: () throws -> Bool) throws {
  for _ in 0..<1200 {
    if try condition() { return }
    usleep(50_000)
  }
  Issue.record("waited in vain: \(what)")
}
