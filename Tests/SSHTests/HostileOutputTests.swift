import Foundation
import SSH
import Testing

@Suite(.serialized) struct HostileOutputTests {
  @Test func tooMuchOutputEndsTheCommandNotTheSession() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      await expectProblem(where: { $0 == .tooMuchOutput(limit: 100_000) }) {
        try await session.run("cat /dev/zero", outputLimit: 100_000)
      }
      #expect(try await session.run("echo on").text.description == "on")
      await session.close()
    }
  }

  @Test func tooMuchErrorOutputIsCutAndCounted() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      let result = try await session.run(
        "head -c 3000000 /dev/zero | tr '\\0' x >&2", errorLimit: 10)
      #expect(result.errorText.omitted == 2_999_990)
      #expect(result.errorText.description == "xxxxxxxxxx [2999990 more bytes]")
      await session.close()
    }
  }

  @Test func aFloodOfErrorOutputDoesNotHoldUpTheDeadline() async throws {
    try await TestServer.run { server in
      let session = try await server.connect()
      let allowed = Duration.seconds(1)
      await expectProblem(where: { $0 == .timedOut(.total(allowed)) }) {
        try await session.run("cat /dev/zero >&2", total: allowed)
      }
      #expect(try await session.run("echo on").text.description == "on")
      await session.close()
    }
  }

  @Test(arguments: [
    ("plain\ttext\nnext", "plain\ttext\nnext"),
    ("\u{1b}[31mred\u{1b}]0;title\u{7}", "\\u{1b}[31mred\\u{1b}]0;title\\u{7}"),
    ("a\rb\u{8}\u{7f}", "a\\u{d}b\\u{8}\\u{7f}"),
    ("\u{9b}2J", "\\u{9b}2J"),
    ("abc\u{202e}fed\u{2066}", "abc\\u{202e}fed\\u{2066}"),
    ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
    ("Grüße 日本 🍓", "Grüße 日本 🍓"),
  ]) func controlCharactersAreSpelledOut(sent: String, shown: String) {
    #expect(DeviceText(sent).description == shown)
  }

  @Test func bytesThatAreNoTextAreReplaced() {
    #expect(DeviceText([0x61, 0xff, 0xc3, 0x62]).description == "a\u{fffd}\u{fffd}b")
    #expect(
      DeviceText([UInt8](repeating: 0x61, count: 10), limit: 4).description == "aaaa [6 more bytes]"
    )
    #expect(DeviceText("one\ntwo\n").line == "one; two")
  }

  @Test(arguments: ["plain", "two words", "it's", "$HOME `id` \"x\" \\", "", "-n", "line\nfeed"])
  func aShellReadsAWordAsItWas(word: String) throws {
    #expect(try output(of: "/bin/sh", ["-c", "printf %s \(ShellWord(word))"]) == word)
  }
}
