import Dispatch
import Foundation
import Synchronization

/// Runs `work` so that Ctrl-C (or SIGTERM) cancels it in good order; a second one ends the process.
///
/// Throws `CancellationError` when `work` lets the cancellation through.
func withInterruption<Result: Sendable>(
  _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
  InterruptionSignals.shared.listen(continuation)
  defer { InterruptionSignals.shared.listen(nil) }
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

/// The process's signals that ask it to end. Their sources are made once and stay: what the system
/// does about a signal is one setting for the whole process, and setting it twice loses signals.
private final class InterruptionSignals: Sendable {
  static let shared = InterruptionSignals()

  private struct State {
    var listener: AsyncStream<Void>.Continuation?
    var sources: [any DispatchSourceSignal] = []
  }
  private let state = Mutex(State())

  /// Tells `listener` of the next signal; with none, a signal ends the process as it usually does.
  func listen(_ listener: AsyncStream<Void>.Continuation?) {
    state.withLock { state in
      state.listener = listener
      if state.sources.isEmpty { state.sources = [SIGINT, SIGTERM].map(source) }
    }
  }

  private func source(of number: Int32) -> any DispatchSourceSignal {
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { [self] in
      let listener = state.withLock { state in
        defer { state.listener = nil }
        return state.listener
      }
      guard let listener else { _exit(128 + number) }
      listener.yield()
    }
    source.activate()
    return source
  }
}
