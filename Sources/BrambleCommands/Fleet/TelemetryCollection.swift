import AgentProtocol
import SSH
import Store

/// Brings a device's journal into the store.
enum TelemetryCollection {
  /// Bytes of one batch: small enough for a Pi's memory, large enough for a slow line.
  private static let batchSize: UInt64 = 256 << 10

  /// Fetches everything that is not stored yet, stores it, and only then tells the device that it
  /// may drop it.
  ///
  /// - Returns: records that were stored.
  static func collect(
    from agent: AgentConnection, into store: Store
  ) async throws -> Int {
    let installation = agent.facts.installation
    var stored = 0
    while true {
      let position = try store.position(installation)
      let batch = try await agent.collect(after: position, maximumBytes: batchSize)
      let result = try store.ingest(batch, installation: installation)
      stored += result.stored
      if let upTo = result.upTo, !batch.records.isEmpty {
        try await agent.perform(.acknowledge(upTo))
      }
      if !batch.hasMore || batch.records.isEmpty { return stored }
    }
  }
}
