import Inventory
import SSH

extension Connector {
  /// A line for each device that is still registered; nothing is connected yet.
  func lines(to names: [String]) -> [String: AgentLine] {
    let connector = self
    let known = names.compactMap { connector.inventory[$0] }
    return Dictionary(
      uniqueKeysWithValues: known.map { device in
        (
          device.name,
          AgentLine { () async throws(AgentError) in try await connector.agent(on: device) }
        )
      })
  }
}
