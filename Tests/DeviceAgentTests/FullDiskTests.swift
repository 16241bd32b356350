import AgentProtocol
import Encoding
import Foundation
import ModelFormat
import Testing

@testable import DeviceAgent

/// A file system of a few megabytes, which only root can mount.
private final class SmallDisk {
  let folder: TemporaryFolder

  init(megabytes: Int) throws {
    folder = try TemporaryFolder()
    try SmallDisk.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", folder.path)
  }

  deinit { try? SmallDisk.run("umount", "-l", folder.path) }

  /// Writes until nothing goes any more.
  func fill() throws {
    let file = fopen(folder["filler"], "w")
    defer { fclose(file) }
    let block = [UInt8](repeating: 7, count: 4096)
    setvbuf(file, nil, _IONBF, 0)
    while fwrite(block, 1, block.count, file) == block.count {}
  }

  private static func run(_ words: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw RunningAgent.Unexpected() }
  }
}

@Suite(.enabled(if: getuid() == 0, "only root can mount a small disk"))
struct FullDiskTests {
  /// `nil`, and a line that says so, where even root may not mount, as in some containers.
  private func disk() -> SmallDisk? {
    if let disk = try? SmallDisk(megabytes: 6) { return disk }
    print("skipped: no file system can be mounted here")
    return nil
  }

  @Test func anUploadThatDoesNotFitIsRefusedAndCleaned() throws {
    guard let disk = disk() else { return }
    let agent = try RunningAgent(root: disk.folder["root"])
    let bytes = [UInt8](repeating: 1, count: 500_000)
    let answer = try agent.ask(
      .upload(object: SHA256.digest(of: bytes), totalBytes: 9 << 20, offset: 0, bytes: bytes))
    #expect(refusal(answer) == .diskFull)
    #expect(try FileManager.default.contentsOfDirectory(atPath: agent.root.objects).isEmpty)
    // What fits goes on as ever.
    try agent.commit(try TestVariant(), epoch: 1)
    agent.kill()
  }

  @Test func aFullDiskHindersNeitherReversalNorTelemetryNorAStart() throws {
    guard let disk = disk() else { return }
    let agent = try RunningAgent(root: disk.folder["root"])
    let (first, second) = (try TestVariant(), try TestVariant(gain: 2))
    try agent.commit(first, epoch: 1)
    try agent.activate(second, epoch: 2)
    try disk.fill()
    let big = [UInt8](repeating: 1, count: 100_000)
    #expect(refusal(try agent.upload(big)) == .diskFull)
    guard case .prediction = try agent.predict(1) else { throw RunningAgent.Unexpected() }
    #expect(try agent.ask(.revert(reason: "full", epoch: Epoch(2))) == .done)
    try agent.restart()
    guard case .prediction(let prediction) = try agent.predict(1) else {
      throw RunningAgent.Unexpected()
    }
    #expect(prediction.variant == first.digest)
    let events = try agent.journal().map { $0.event }
    #expect(
      events.contains(.reverted(from: second.digest, to: first.digest, reason: "full")))
    agent.kill()
  }
}
