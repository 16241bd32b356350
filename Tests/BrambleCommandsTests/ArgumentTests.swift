import ArgumentParser
import Foundation
import Testing

@testable import BrambleCommands

@Suite struct ArgumentTests {
  @Test(arguments: [
    ("1s", 1_000_000), ("250ms", 250_000), ("1.5s", 1_500_000), ("10m", 600_000_000),
    ("2h", 7_200_000_000), ("1d", 86_400_000_000), ("7us", 7),
  ]) func spansAreRead(text: String, microseconds: UInt64) {
    #expect(Span(argument: text)?.microseconds == microseconds)
  }

  @Test(arguments: ["", "s", "1", "-1s", "1 s", "1w", "0s", "1e3s", "..s", "nans", "infs"])
  func otherSpansAreRefused(_ text: String) {
    #expect(Span(argument: text) == nil)
  }

  @Test func addressesAreRead() {
    let plain = Address(argument: "pi@pi-01.local")
    #expect(plain?.user == "pi" && plain?.host == "pi-01.local" && plain?.port == nil)
    #expect(Address(argument: "pi@10.0.0.7:2222")?.port == 2222)
    let six = Address(argument: "pi@[fe80::1%eth0]:2200")
    #expect(six?.host == "fe80::1%eth0" && six?.port == 2200)
    for wrong in ["host", "@host", "pi@", "pi@h:", "pi@h:x", "pi@[::1", "a b@h", "-o@h", "pi@-o"] {
      #expect(Address(argument: wrong) == nil, "\(wrong)")
    }
  }

  @Test func momentsAreRead() {
    let now = Date(timeIntervalSince1970: 1_000_000)
    #expect(Since(argument: "1h")?.date(now: now).timeIntervalSince1970 == 996_400)
    #expect(Since(argument: "1970-01-02")?.date(now: now).timeIntervalSince1970 == 86_400)
    #expect(
      Since(argument: "1970-01-01T00:01:00Z")?.date(now: now).timeIntervalSince1970 == 60)
    for wrong in ["", "yesterday", "1970-13-01", "1970-1-2"] {
      #expect(Since(argument: wrong) == nil, "\(wrong)")
    }
  }

  @Test(arguments: [
    ["--workspace", "/w", "device", "list"], ["device", "--workspace", "/w", "list"],
    ["device", "list", "--workspace", "/w"],
  ]) func theWorkspaceIsTakenAnywhere(_ arguments: [String]) throws {
    let command = try #require(try Bramble.parseAsRoot(arguments) as? DeviceList)
    #expect(command.workspace.workspace == "/w")
  }
}
