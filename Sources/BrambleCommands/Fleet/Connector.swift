import Inventory
import Logging
import SSH
import Store

/// How this workspace's devices are reached: their addresses, keys and known host keys.
struct Connector: Sendable {
  let inventory: Inventory

  init(_ workbench: Workbench) throws { inventory = try workbench.inventory() }

  var knownHosts: KnownHosts { KnownHosts(path: inventory.knownHosts) }

  func endpoint(of device: Device) -> Endpoint {
    Endpoint(
      host: device.host, port: device.port, user: device.user,
      identities: inventory.identityPath(of: device).map { [$0] } ?? [])
  }

  /// Connects; a host key that is not known is refused.
  func session(to device: Device) async throws(SSHError) -> SSHSession {
    try await session(to: device, hostKeys: .known(knownHosts))
  }

  func session(
    to device: Device, hostKeys: HostKeyPolicy
  ) async throws(SSHError) -> SSHSession {
    let endpoint = endpoint(of: device)
    Log.fleet.debug("connecting", metadata: ["device": "\(device.name)", "to": "\(endpoint)"])
    do {
      let session = try await SSHSession.connect(
        to: endpoint, options: SSHOptions(hostKeys: hostKeys))
      Log.fleet.debug("connected", metadata: ["device": "\(device.name)"])
      return session
    } catch {
      Log.fleet.debug(
        "not connected", metadata: ["device": "\(device.name)", "reason": "\(error)"])
      throw error
    }
  }

  /// Connects and greets the agent.
  func agent(on device: Device) async throws(AgentError) -> AgentConnection {
    let session: SSHSession
    do {
      session = try await self.session(to: device)
    } catch {
      throw AgentError(address: error.address, problem: .ssh(error.problem))
    }
    do {
      return try await AgentConnection.open(over: session)
    } catch {
      await session.close()
      throw error
    }
  }
}
