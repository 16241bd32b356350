import AgentProtocol
import Encoding
import Foundation
import Lab
import SSH
import Store
import Testing

extension Farm {
  /// Asks a device's agent over a connection of this test's own.
  func ask<Value: Sendable>(
    _ device: Device, _ body: (AgentConnection) async throws -> Value
  ) async throws -> Value {
    let known = KnownHosts(path: folder.appending(path: "Inventory/known_hosts").path())
    let session = try await SSHSession.connect(
      to: Endpoint(
        host: device.host, port: device.port, user: device.user,
        identities: [device.identity.path(percentEncoded: false)]),
      options: SSHOptions(
        hostKeys: .known(known), configuration: .none, keyAgent: .none,
        usesDefaultIdentities: false))
    let agent = try await AgentConnection.open(over: session)
    let value = try await body(agent)
    await session.close()
    return value
  }

  /// Requires that every device is on `variant` for good and that its answers come from there.
  func expectEveryDevice(
    answersWith variant: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let digest = try digest(variant)
    let window = [Float](repeating: 0, count: 8) + [1, 1, 1, 1]
    let input = window.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
    for device in lab.devices {
      let (status, prediction) = try await ask(device) { agent in
        (try await agent.status(), try await agent.predict(input))
      }
      #expect(status.active == digest, "\(device.name)", sourceLocation: sourceLocation)
      #expect(status.phase == .committed, "\(device.name)", sourceLocation: sourceLocation)
      #expect(prediction.variant == digest, "\(device.name)", sourceLocation: sourceLocation)
      #expect(prediction.label == 2, "\(device.name)", sourceLocation: sourceLocation)
    }
  }

  /// Ends the agent's daemon and the model's process as a crash would; their supervisor stays.
  func crashAgent(on device: Device) {
    let agents = device.processes(named: "bramble-agent").filter { id in
      !device.processes(named: "bramble-agent", argument: "rpc").contains(id)
    }
    for id in agents where agents.contains(Self.parent(of: id)) { kill(id, SIGKILL) }
  }

  private static func parent(of id: Int32) -> Int32 {
    let stat = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
    // The name stands in parentheses and may hold anything; state and parent follow the last one.
    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 1 ? Int32(fields[1]) ?? 0 : 0
  }

  /// Waits until `condition` holds, or fails after `limit`.
  func wait(
    upTo limit: Duration = .seconds(30), _ what: String, _ condition: () throws -> Bool
  ) async throws {
    let end = ContinuousClock.now + limit
    while !(try condition()) {
      try #require(ContinuousClock.now < end, "waited \(limit) for \(what)")
      try await Task.sleep(for: .milliseconds(1))
    }
  }
}

extension Store {
  /// Events of the latest rollout; none when there is no rollout after `earlier`.
  func countEvents(after earlier: Int64?) throws -> Int {
    guard let latest = try latestRollout(), latest.id > earlier ?? 0 else { return 0 }
    return try events(ofRollout: latest.id).count
  }
}
