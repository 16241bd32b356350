import Foundation
import Testing

/// The setup's way to a missing toolchain, with stand-ins for `curl` and `swiftly`: nothing is fetched.
struct SetupTests {
  /// Runs `script` after sourcing Scripts/toolchain.sh with `HOME` in `home` and its `bin` first in the path.
  private func shell(_ script: String, home: URL) throws -> (status: Int32, output: String) {
    let output = home.appendingPathComponent("output")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    let functions = """
      say() { echo "setup: $*"; }; fail() { say "$*"; exit 1; }; as_root() { "$@"; }
      install_packages() { say "packages $*"; }
      """
    process.arguments = ["-euc", "\(functions)\nsource Scripts/toolchain.sh\n\(script)"]
    process.currentDirectoryURL = Repository.root
    process.environment = [
      "HOME": home.path, "PATH": "\(home.path)/bin:/usr/bin:/bin", "TMPDIR": home.path,
    ]
    let sink = try FileHandle(forWritingTo: output)
    process.standardOutput = sink
    process.standardError = sink
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
  }

  private func withHome(_ body: (URL) throws -> Void) throws {
    let home = FileManager.default.temporaryDirectory
      .appendingPathComponent("bramble-setup-\(UUID().uuidString)")
    let bin = home.appendingPathComponent("bin")
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: home) }
    try body(home)
  }

  private func program(_ name: String, _ text: String, in home: URL) throws {
    let path = home.appendingPathComponent("bin/\(name)").path
    try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  @Test(arguments: [
    ("6.3.1", true), ("6.3", true), ("6.10", true), ("6.2.4", false), ("5.10", false),
  ])
  func aToolchainIsTakenFromSixThreeOn(_ version: String, _ isTaken: Bool) throws {
    try withHome { home in
      try program("swift", "echo 'Swift version \(version) (swift-\(version)-RELEASE)'", in: home)
      #expect(try shell("has_toolchain", home: home).status == (isTaken ? 0 : 1))
    }
  }

  @Test func aMissingToolchainIsInstalledAfterSayingSo() throws {
    try withHome { home in
      // What swiftly itself does, as far as the script can see.
      try program(
        "swiftly",
        """
        echo "swiftly $*" >> "$HOME/calls"
        mkdir -p "$SWIFTLY_BIN_DIR"
        case $1 in
          init) cp "$0" "$SWIFTLY_BIN_DIR/swiftly" ;;
          install)
            printf '#!/bin/sh\\necho "Swift version 6.3.1 (swift-6.3.1-RELEASE)"\\n' > "$SWIFTLY_BIN_DIR/swift"
            chmod +x "$SWIFTLY_BIN_DIR/swift"
            while [ "$1" != --post-install-file ]; do shift; done
            echo 'echo system packages >> "$HOME/calls"' > "$2" ;;
        esac
        """, in: home)
      try program("gpg", "exit 0", in: home)
      try program(
        "curl",
        """
        echo "curl $2" >> "$HOME/calls"
        tar -czf "$4" -C "$HOME/bin" swiftly
        """, in: home)
      let result = try shell("install_toolchain && swift --version", home: home)
      #expect(result.status == 0, "\(result.output)")
      let calls = try String(contentsOf: home.appendingPathComponent("calls"), encoding: .utf8)
        .split(separator: "\n")
      #expect(calls.count == 4)
      #expect(
        calls.first?.hasPrefix("curl https://download.swift.org/swiftly/linux/swiftly-") == true)
      #expect(calls.contains { $0.hasPrefix("swiftly install") && $0.hasSuffix(" 6.3") })
      #expect(calls.last == "system packages")
      let said = try #require(result.output.range(of: "installing it for"))
      let done = try #require(result.output.range(of: "Swift version 6.3.1"))
      #expect(said.lowerBound < done.lowerBound)
      // The next run finds it without asking for it again.
      #expect(try shell("has_toolchain", home: home).status == 0)
    }
  }

  @Test func aToolchainThatCannotBeFetchedIsAnError() throws {
    try withHome { home in
      try program("curl", "exit 22", in: home)
      try program("gpg", "exit 0", in: home)
      let result = try shell("install_toolchain", home: home)
      #expect(result.status == 1)
      #expect(result.output.contains("could not be fetched"))
    }
  }
}
