import CLibSSH

/// What a command left behind.
public struct CommandResult: Sendable {
  public var status: ExitStatus
  /// Its standard output, whole.
  public var output: [UInt8]
  /// Its error output, cleaned and cut.
  public var errorText: DeviceText

  /// The standard output, cleaned and in one piece without the last line feed.
  public var text: DeviceText { DeviceText(output, limit: output.count) }
}

extension SSHSession {
  /// Runs a command to its end.
  ///
  /// - Parameters:
  ///   - input: what the command reads on its standard input, then its end. A command may end
  ///     without having read all of it.
  ///   - outputLimit: bytes of standard output beyond which the command is ended and an error thrown.
  ///   - errorLimit: bytes of error output that are kept; more is counted only.
  ///   - total: the longest time it may take; the session's own limit when `nil`.
  public func run(
    _ command: String, input: [UInt8] = [], outputLimit: Int = 1 << 20, errorLimit: Int = 4096,
    total: Duration? = nil
  ) async throws(SSHError) -> CommandResult {
    let limit = (total ?? options.timeouts.total).map {
      (deadline: ContinuousClock.now + $0, timeout: SSHError.Timeout.total($0))
    }
    let stream = try await open(command)
    defer { release(stream.channel) }
    var run = Run(input: input, outputLimit: outputLimit, errorLimit: errorLimit)
    return try await complete(within: limit) { [self] in
      guard let channel = channels[stream.channel] else { return .failure(error(.closed)) }
      return advance(&run, on: channel.pointer)
    }
  }

  private struct Run {
    var input: [UInt8]
    var outputLimit: Int
    var errorLimit: Int
    var sent = 0
    var isInputFinished = false
    var output: [UInt8] = []
    var errorOutput: [UInt8] = []
    var errorOmitted = 0
  }

  private func advance(
    _ run: inout Run, on channel: OpaquePointer
  ) -> Result<CommandResult, SSHError>? {
    if !run.isInputFinished {
      switch send(run.input, from: &run.sent, to: channel) {
      case .success:
        run.isInputFinished = true
        ssh_channel_send_eof(channel)
      // A command that has ended does not want the rest; its status says how it went.
      case .failure: run.isInputFinished = true
      case nil: break
      }
    }
    var ends = 0
    for output in [CommandStream.Output.standard, .error] {
      drain: for _ in 0..<Self.roundLimit {
        switch receive(output, from: channel, atMost: 32 << 10) {
        case .bytes(let bytes):
          guard take(bytes, from: output, into: &run) else {
            return .failure(error(.tooMuchOutput(limit: run.outputLimit)))
          }
        case .nothingYet: break drain
        case .end:
          ends += 1
          break drain
        case .failed: return .failure(broken(or: .disconnected(libraryMessage)))
        }
      }
    }
    guard ends == 2, let status = ending(of: channel) else { return nil }
    return .success(
      CommandResult(
        status: status, output: run.output,
        errorText: DeviceText(
          run.errorOutput, limit: run.errorLimit, omitted: run.errorOmitted)))
  }

  /// - Returns: whether the output is within its limit.
  private func take(
    _ bytes: [UInt8], from output: CommandStream.Output, into run: inout Run
  ) -> Bool {
    switch output {
    case .standard:
      run.output += bytes
      return run.output.count <= run.outputLimit
    case .error:
      let kept = bytes.prefix(max(0, run.errorLimit - run.errorOutput.count))
      run.errorOutput += kept
      run.errorOmitted += bytes.count - kept.count
      return true
    }
  }
}
