import ArgumentParser
import Foundation
import Testing

@testable import BrambleCommands

/// Every command's help stands in `Help/`; run the tests with `BRAMBLE_RECORD=1` to write it anew.
@Suite struct HelpTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Help")

  static let commands: [String] = paths(of: Bramble.self, prefix: [])

  private static func paths(of type: any ParsableCommand.Type, prefix: [String]) -> [String] {
    [prefix.joined(separator: " ")]
      + type.configuration.subcommands.flatMap { child in
        paths(of: child, prefix: prefix + [name(of: child)])
      }
  }

  private static func name(of type: any ParsableCommand.Type) -> String {
    type.configuration.commandName ?? "\(type)".lowercased()
  }

  @Test(arguments: commands) func isAsRecorded(_ command: String) async throws {
    let words = command.split(separator: " ").map(String.init)
    let transcript = await Transcript.of(words + ["--help"])
    #expect(transcript.status == .success)
    #expect(transcript.diagnostics.isEmpty)
    let file = Self.folder.appending(path: (["bramble"] + words).joined(separator: "-") + ".txt")
    if ProcessInfo.processInfo.environment["BRAMBLE_RECORD"] != nil {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(transcript.output.utf8).write(to: file)
    }
    let recorded = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    #expect(transcript.output == recorded)
  }

  @Test(
    arguments: commands.filter {
      $0.contains(" ") || ["init", "compress", "predict", "profile"].contains($0)
    })
  func showsAnExample(_ command: String) async {
    let help = await Transcript.of(command + " --help").output
    #expect(help.contains("\n  bramble \(command)"), "no example in the help of '\(command)'")
  }

  @Test func noRecordingIsLeftOver() throws {
    let known = Set(
      Self.commands.map { command in
        (["bramble"] + command.split(separator: " ").map(String.init)).joined(separator: "-")
          + ".txt"
      })
    let found = Set(try FileManager.default.contentsOfDirectory(atPath: Self.folder.path()))
    #expect(found == known)
  }

  @Test(arguments: commands.filter { !$0.isEmpty && !$0.contains(" ") })
  func aGroupWithoutAVerbShowsItsHelp(_ group: String) async {
    let transcript = await Transcript.of(group)
    if ["device", "agent", "model", "rollout", "telemetry"].contains(group) {
      #expect(transcript.output.contains("SUBCOMMANDS:"))
      #expect(transcript.status == .success)
    }
  }
}
