import Inventory
import SSH

/// One thing done on many devices side by side, with a line of progress.
struct FleetTask: Sendable {
  var connector: Connector
  var forks: Int
  var terminal: Terminal

  /// What came of it on one device.
  struct Outcome<Value: Sendable>: Sendable {
    var device: Device
    var result: Result<Value, DeviceProblem>

    var value: Value? { try? result.get() }
    var problem: DeviceProblem? {
      if case .failure(let problem) = result { problem } else { nil }
    }
  }

  /// Connects to each device and runs `body` there; one device's trouble never stops the others.
  ///
  /// - Parameter verb: what is being done, for the progress: `installing the agent`.
  func run<Value: Sendable>(
    on devices: [Device], _ verb: String,
    _ body: @escaping @Sendable (SSHSession, Device) async throws -> Value
  ) async -> [Outcome<Value>] {
    let progress = ProgressLine(terminal)
    progress.update("\(verb): 0 of \(devices.count) devices")
    var done = 0
    let connector = connector
    let results = await Fanout(forks: forks).run(
      over: devices,
      onResult: { (index: Int, result: Result<Value, DeviceProblem>) in
        done += 1
        if case .failure(let problem) = result {
          progress.note("\(devices[index].name): \(problem.message)")
        }
        progress.update("\(verb): \(done) of \(devices.count) devices")
      }
    ) { (device: Device) async throws(DeviceProblem) -> Value in
      do {
        let session = try await connector.session(to: device)
        do {
          let value = try await body(session, device)
          await session.close()
          return value
        } catch {
          await session.close()
          throw error
        }
      } catch {
        throw DeviceProblem(error)
      }
    }
    progress.finish()
    return zip(devices, results).map { Outcome(device: $0, result: $1) }
  }
}
