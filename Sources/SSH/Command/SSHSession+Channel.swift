import CLibSSH

extension SSHSession {
  /// Starts a command in the user's login shell.
  public func open(_ command: String) async throws(SSHError) -> CommandStream {
    guard let handle else { throw error(.closed) }
    guard let channel = ssh_channel_new(handle) else {
      throw error(.commandRefused(libraryMessage))
    }
    let id = register(channel)
    do {
      try await complete { [self] in
        result(ssh_channel_open_session(channel), of: id)
      }
      try await complete { [self] in
        result(ssh_channel_request_exec(channel, command), of: id)
      }
      return CommandStream(session: self, channel: id)
    } catch {
      release(id)
      throw error
    }
  }

  private func result(_ code: CInt, of id: ChannelID) -> Result<Void, SSHError>? {
    switch code {
    case SSH_OK: .success(())
    case SSH_AGAIN: nil
    default: .failure(broken(or: .commandRefused(libraryMessage)))
    }
  }

  /// A broken connection is the reason for whatever else failed.
  func broken(or problem: SSHError.Problem) -> SSHError {
    guard let handle, ssh_is_connected(handle) != 0 else {
      return error(.disconnected(libraryMessage))
    }
    return error(problem)
  }

  func write(
    _ bytes: [UInt8], to id: ChannelID,
    within limit: Limit? = nil
  ) async throws(SSHError) {
    guard let turn = channels[id]?.nextWriter else { throw error(.closed) }
    channels[id]?.nextWriter += 1
    channels[id]?.writers.append(turn)
    defer { channels[id]?.writers.removeAll { $0 == turn } }
    var sent = 0
    // Half a message would spoil the stream for the next writer, so cancellation waits.
    try await complete(within: limit, mayCancel: false) { [self] () -> Result<Void, SSHError>? in
      guard let channel = channels[id] else { return .failure(error(.closed)) }
      guard channel.writers.first == turn else { return nil }
      return send(bytes, from: &sent, to: channel.pointer)
    }
  }

  /// Sends as much as the device has room for and the socket takes; `nil` while some is left.
  func send(
    _ bytes: [UInt8], from sent: inout Int, to channel: OpaquePointer
  ) -> Result<Void, SSHError>? {
    while sent < bytes.count {
      // libssh would take a whole window into its memory; this keeps a slow device's share small.
      if ssh_blocking_flush(handle, 0) == SSH_AGAIN { return nil }
      let written = bytes.withUnsafeBytes {
        ssh_channel_write(channel, $0.baseAddress! + sent, UInt32(min($0.count - sent, 32 << 10)))
      }
      if written == SSH_AGAIN || written == 0 { return closedByDevice(channel) }
      if written < 0 { return .failure(broken(or: .disconnected("the command ended early"))) }
      sent += Int(written)
    }
    return .success(())
  }

  private func closedByDevice(_ channel: OpaquePointer) -> Result<Void, SSHError>? {
    ssh_channel_is_closed(channel) == 0
      ? nil : .failure(broken(or: .disconnected("the command ended early")))
  }

  func finishInput(of id: ChannelID) async throws(SSHError) {
    guard let channel = channels[id] else { throw error(.closed) }
    guard ssh_channel_send_eof(channel.pointer) != SSH_ERROR else {
      throw broken(or: .disconnected(libraryMessage))
    }
  }

  func read(
    _ output: CommandStream.Output, of id: ChannelID, atMost limit: Int
  ) async throws(SSHError) -> [UInt8]? {
    try await complete { [self] in
      guard let channel = channels[id] else { return .failure(error(.closed)) }
      switch receive(output, from: channel.pointer, atMost: limit) {
      case .bytes(let bytes): return .success(bytes)
      case .end: return .success(nil)
      case .nothingYet: return nil
      case .failed: return .failure(broken(or: .disconnected(libraryMessage)))
      }
    }
  }

  /// How many pieces of 32 KiB are taken in before deadlines are looked at: a device that never stops
  /// talking must not keep them from it. Together they are more than libssh ever holds (two windows),
  /// so that nothing stays behind without the socket saying so.
  static var roundLimit: Int { 64 }

  enum Received {
    case bytes([UInt8])
    case nothingYet
    case end
    case failed
  }

  /// What has come, without waiting.
  func receive(
    _ output: CommandStream.Output, from channel: OpaquePointer, atMost limit: Int
  ) -> Received {
    let isError: CInt = output == .error ? 1 : 0
    let available = ssh_channel_poll(channel, isError)
    if available == SSH_EOF { return .end }
    if available < 0 { return .failed }
    if available == 0 { return ssh_channel_is_eof(channel) != 0 ? .end : .nothingYet }
    var status: CInt = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: min(Int(available), limit)) { buffer, count in
      status = ssh_channel_read_nonblocking(
        channel, buffer.baseAddress, UInt32(buffer.count), isError)
      count = max(0, Int(status))
    }
    if status < 0 { return .failed }
    return bytes.isEmpty ? .nothingYet : .bytes(bytes)
  }

  func exitStatus(of id: ChannelID) async throws(SSHError) -> ExitStatus {
    try await complete { [self] in
      guard let channel = channels[id] else { return .failure(error(.closed)) }
      return ending(of: channel.pointer).map(Result.success)
    }
  }

  /// How the command ended; `nil` while it runs.
  func ending(of channel: OpaquePointer) -> ExitStatus? {
    let status = ssh_channel_get_exit_status(channel)
    if status >= 0 { return .exited(Int(status)) }
    return ssh_channel_is_closed(channel) != 0 ? .unknown : nil
  }
}
