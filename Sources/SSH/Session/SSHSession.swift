import CLibSSH
import Foundation

/// One SSH connection to one device.
///
/// libssh blocks where it is let; here it never is: each session has a thread of its own that sleeps
/// until the socket is ready, and everything that waits is tried again then. So any number of
/// commands may run over one session at the same time.
public actor SSHSession: SessionThread.Owner {
  /// What was asked for; ``address`` is where that led.
  public nonisolated let endpoint: Endpoint
  nonisolated let options: SSHOptions
  nonisolated let thread: SessionThread

  /// `user@host:port` after `ssh_config`.
  public internal(set) var address: String
  /// The device's key, once it was checked.
  public internal(set) var hostKey: HostKey?

  /// libssh's handshake is done, so that a broken connection is told by `ssh_is_connected`.
  var isConnected = false
  var isAuthenticated = false
  var channels: [ChannelID: Channel] = [:]
  private var nextChannel: UInt64 = 1

  private let library: LibrarySession
  private var operations: [UInt64: Operation] = [:]
  private var nextOperation: UInt64 = 1
  /// Bytes received when the operations were last tried: when more have come, somebody's answer may
  /// be among them, whoever read it.
  private var bytesSeen: UInt64 = 0
  private var lastHeard = ContinuousClock.now
  private var lastKeepAlive = ContinuousClock.now

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  init(endpoint: Endpoint, options: SSHOptions) throws(SSHError) {
    guard let thread = SessionThread(), let library = LibrarySession() else {
      throw SSHError(
        address: endpoint.description,
        problem: .configuration(
          "no file descriptors or memory left; raise `ulimit -n` or lower --forks"))
    }
    self.endpoint = endpoint
    self.options = options
    self.thread = thread
    self.library = library
    address = endpoint.description
    thread.start(for: self)
  }

  deinit { thread.stop() }

  /// libssh's session; `nil` once this one is closed.
  var handle: OpaquePointer? { library.pointer }

  /// The socket before libssh has it; -1 for none.
  var connectingSocket: Int32 {
    get { library.connectingSocket }
    set { library.connectingSocket = newValue }
  }

  /// Ends the connection and every command that runs over it. A closed session stays closed.
  public func close() {
    failOperations(.closed)
    for channel in channels.values { ssh_channel_free(channel.pointer) }
    channels = [:]
    library.close()
  }

  func error(_ problem: SSHError.Problem) -> SSHError {
    SSHError(address: address, problem: problem)
  }

  /// libssh's own words for the last failure, cleaned.
  var libraryMessage: String {
    guard let handle, let text = ssh_get_error(UnsafeMutableRawPointer(handle)) else {
      return "no reason known"
    }
    let message = DeviceText(String(cString: text), limit: 512).line
    return message.isEmpty ? "the device closed the connection" : message
  }

  func register(_ pointer: OpaquePointer) -> ChannelID {
    defer { nextChannel += 1 }
    channels[ChannelID(number: nextChannel)] = Channel(pointer: pointer)
    return ChannelID(number: nextChannel)
  }

  func release(_ id: ChannelID) {
    guard let channel = channels.removeValue(forKey: id) else { return }
    // When the socket is busy, libssh's first try sends the end of input only, and freeing would
    // leave the command running.
    ssh_channel_close(channel.pointer)
    ssh_channel_free(channel.pointer)
  }
}

// MARK: - Waiting

extension SSHSession {
  /// Until when to wait, and what it is called when that is over.
  typealias Limit = (deadline: ContinuousClock.Instant, timeout: SSHError.Timeout)

  /// Something that waits for the device.
  struct Operation {
    var deadline: ContinuousClock.Instant?
    /// Tries; `true` when it came to its end, well or not.
    var attempt: () -> Bool
    var fail: (SSHError.Problem) -> Void
    var timeout: SSHError.Timeout?
  }

  /// Tries until `attempt` gives a result: now, and each time something came from the device.
  ///
  /// - Parameter mayCancel: whether the task's cancellation ends the waiting; `false` where half a
  ///   step would leave the stream useless.
  func complete<Value: Sendable>(
    within limit: Limit? = nil,
    mayCancel: Bool = true,
    _ attempt: @escaping () -> Result<Value, SSHError>?
  ) async throws(SSHError) -> Value {
    guard handle != nil else { throw error(.closed) }
    if mayCancel, Task.isCancelled { throw error(.cancelled) }
    if let result = attempt() { return try result.get() }
    let number = nextOperation
    nextOperation += 1
    if operations.isEmpty {
      lastHeard = .now
      lastKeepAlive = .now
    }
    let address = address
    let result: Result<Value, SSHError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        operations[number] = Operation(
          deadline: limit?.deadline,
          attempt: {
            guard let result = attempt() else { return false }
            continuation.resume(returning: result)
            return true
          },
          fail: { problem in
            continuation.resume(
              returning: .failure(SSHError(address: address, problem: problem)))
          },
          timeout: limit?.timeout)
      }
    } onCancel: {
      guard mayCancel else { return }
      thread.perform { [weak self] in self?.assumeIsolated { $0.cancel(number) } }
    }
    return try result.get()
  }

  private func cancel(_ number: UInt64) {
    operations.removeValue(forKey: number)?.fail(.cancelled)
  }

  func failOperations(_ problem: SSHError.Problem) {
    let failed = operations
    operations = [:]
    for (_, operation) in failed.sorted(by: { $0.key < $1.key }) { operation.fail(problem) }
  }

  nonisolated func sleep() -> SessionThread.Sleep {
    assumeIsolated { $0.wish() }
  }

  nonisolated func wake() {
    assumeIsolated { $0.tryAll() }
  }

  private func wish() -> SessionThread.Sleep {
    guard !operations.isEmpty, let handle else { return .init(descriptor: -1, events: 0) }
    if library.bytesReceived != bytesSeen {
      return .init(descriptor: -1, events: 0, until: .now)
    }
    var instants = operations.values.compactMap(\.deadline)
    if isAuthenticated {
      instants.append(lastHeard + options.timeouts.idle)
      instants.append(nextKeepAlive)
    }
    if connectingSocket >= 0 {
      return .init(
        descriptor: connectingSocket, events: Int16(POLLOUT), until: instants.min())
    }
    let pending = ssh_get_poll_flags(handle)
    let events = Int16(POLLIN) | (pending & SSH_WRITE_PENDING != 0 ? Int16(POLLOUT) : 0)
    return .init(descriptor: ssh_get_fd(handle), events: events, until: instants.min())
  }

  private var nextKeepAlive: ContinuousClock.Instant {
    max(lastHeard, lastKeepAlive) + options.timeouts.idle / 3
  }

  private func tryAll() {
    guard !operations.isEmpty, let handle else { return }
    bytesSeen = library.bytesReceived
    let before = bytesSeen
    if isAuthenticated { _ = ssh_blocking_flush(handle, 0) }
    for number in operations.keys.sorted() {
      guard let operation = operations[number], operation.attempt() else { continue }
      operations[number] = nil
    }
    let now = ContinuousClock.now
    if library.bytesReceived != before { lastHeard = now }
    for (number, operation) in operations {
      guard let deadline = operation.deadline, deadline <= now, let timeout = operation.timeout
      else { continue }
      operations[number] = nil
      operation.fail(.timedOut(timeout))
    }
    guard isConnected, !operations.isEmpty else { return }
    if ssh_is_connected(handle) == 0 {
      failOperations(.disconnected(libraryMessage))
      return
    }
    guard isAuthenticated else { return }
    if lastHeard + options.timeouts.idle <= now {
      failOperations(.timedOut(.idle(options.timeouts.idle)))
      close()
    } else if nextKeepAlive <= now {
      lastKeepAlive = now
      // The first call takes in the answer to the last request, the second makes a new one.
      _ = ssh_send_keepalive(handle)
      _ = ssh_send_keepalive(handle)
    }
  }
}
