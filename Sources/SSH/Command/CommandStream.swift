/// A command that runs on a device, with its three streams.
///
/// Its streams may be used from different tasks at the same time; what several of them write stays
/// in one piece each. Call ``close()`` when done: it ends the command's input and output, and the
/// device then usually ends the command.
public struct CommandStream: Sendable {
  let session: SSHSession
  let channel: ChannelID

  /// Which of the command's outputs.
  public enum Output: Sendable, Hashable {
    case standard
    case error
  }

  /// Sends all of `bytes` to the command's standard input.
  public func write(_ bytes: [UInt8]) async throws(SSHError) {
    try await session.write(bytes, to: channel)
  }

  /// Ends the command's standard input.
  public func finishInput() async throws(SSHError) {
    try await session.finishInput(of: channel)
  }

  /// What the command wrote next, at most `limit` bytes; `nil` at its end.
  public func read(
    _ output: Output = .standard, atMost limit: Int = 32 << 10
  ) async throws(SSHError) -> [UInt8]? {
    try await session.read(output, of: channel, atMost: limit)
  }

  /// The command's exit status, once it has ended and its output was read to the end.
  public func exitStatus() async throws(SSHError) -> ExitStatus {
    try await session.exitStatus(of: channel)
  }

  public func close() async {
    await session.release(channel)
  }
}

/// How a command ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
  case exited(Int)
  /// By a signal, or the device did not say.
  case unknown

  public var isSuccess: Bool { self == .exited(0) }

  public var description: String {
    switch self {
    case .exited(let code): "exit status \(code)"
    case .unknown: "ended by a signal"
    }
  }
}
