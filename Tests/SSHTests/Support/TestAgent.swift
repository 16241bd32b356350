import Foundation
import SSH

/// A real agent, installed on a test server over SSH into a folder of its own.
struct TestAgent {
  let server: TestServer
  let root: String
  let installation: AgentInstaller.Installation

  /// Where `make agents` puts the agents, unless `BRAMBLE_AGENTS` names another folder.
  static let binaries: AgentBinaries = {
    if let folder = ProcessInfo.processInfo.environment["BRAMBLE_AGENTS"] {
      return AgentBinaries(folder: folder)
    }
    let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return AgentBinaries(folder: root.appending(path: "Agents/build").path)
  }()

  static let isBuilt: Bool = {
    let machine = (try? output(of: "/bin/uname", ["-m"]).split(separator: "\n").first) ?? ""
    return binaries.path(forMachine: String(machine)).map {
      FileManager.default.isExecutableFile(atPath: $0)
    } ?? false
  }()

  static func run(_ body: (TestAgent) async throws -> Void) async throws {
    let root = FileManager.default.temporaryDirectory.appending(
      path: "bramble-agent-\(UUID().uuidString.prefix(8))"
    ).path
    try await TestServer.run(environment: ["BRAMBLE_ROOT=\(root)"]) { server in
      defer {
        // The agent leaves the session that started it, so it has to be told.
        _ = try? output(of: "\(root)/bin/bramble-agent", ["--root", root, "stop"])
        try? FileManager.default.removeItem(atPath: root)
      }
      let session = try await server.connect()
      let installation = try await AgentInstaller(binaries: binaries).install(over: session)
      await session.close()
      try await body(TestAgent(server: server, root: root, installation: installation))
    }
  }

  /// A new session and a conversation over it.
  func connect() async throws -> AgentConnection {
    try await AgentConnection.open(over: try await server.connect())
  }
}

extension AgentConnection {
  func closeSession() async {
    await close()
    await session.close()
  }
}
