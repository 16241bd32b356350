import AgentProtocol
import Foundation
import Testing

@testable import DeviceAgent

@Suite struct SetupTests {
  private func values(_ data: Data) -> [String: String] {
    var values: [String: String] = [:]
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
    }
    return values
  }

  @Test func setUpTwiceStoppedAndRemoved() throws {
    let agent = try RunningAgent(start: false)
    defer { _ = try? agent.run(["stop"]) }
    let first = try agent.run(["setup"])
    #expect(first.status == 0)
    #expect(values(first.output)["root"] == agent.root.path)
    #expect(FileManager.default.isExecutableFile(atPath: agent.root.executable))
    let variant = try TestVariant()
    try agent.commit(variant, epoch: 1)

    let second = try agent.run(["setup"])
    #expect(second.status == 0)
    #expect(values(second.output)["installation"] == values(first.output)["installation"])
    #expect(try agent.status().active == variant.digest)

    // The supervisor brings a killed daemon back.
    let daemon = try #require(Lock.holder(of: agent.root.daemonLock))
    kill(daemon, SIGKILL)
    try eventually("the daemon is back") {
      guard let now = Lock.holder(of: agent.root.daemonLock), now != daemon else { return false }
      return (try? agent.status()) != nil
    }
    #expect(try agent.status().starts >= 2)

    #expect(try agent.run(["stop"]).status == 0)
    #expect(Lock.holder(of: agent.root.daemonLock) == nil)
    #expect(Lock.holder(of: agent.root.supervisorLock) == nil)
    #expect(try agent.run(["start"]).status == 0)
    #expect(try agent.status().active == variant.digest)
    #expect(try agent.run(["uninstall", "--purge"]).status == 0)
    #expect(!FileManager.default.fileExists(atPath: agent.root.path))
  }

  @Test func usageErrorsSaySo() throws {
    let agent = try RunningAgent(start: false)
    for arguments in [
      [], ["dance"], ["infer"], ["serve", "--journal-bytes", "x"], ["rpc", "--x"],
    ] {
      #expect(try agent.run(arguments).status == 2)
    }
    #expect(try agent.run(["--help"]).status == 0)
    #expect(try agent.run(["status"]).status == 1)
  }
}
