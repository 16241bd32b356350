import Dispatch
import Foundation

/// Runs `work` so that Ctrl-C (or SIGTERM) cancels it in good order; a second one ends the process.
///
/// Throws `CancellationError` when `work` lets the cancellation through.
func withInterruption<Result: Sendable>(
  _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
  let sources = [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      signal(number, SIG_DFL)
      continuation.yield()
    }
    source.activate()
    return source
  }
  defer {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    continuation.finish()
  }
  return try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask { try await work() }
    group.addTask {
      for await _ in signals { return nil }
      return nil
    }
    defer { group.cancelAll() }
    while let first = try await group.next() {
      if let result = first { return result }
      group.cancelAll()
    }
    throw CancellationError()
  }
}
