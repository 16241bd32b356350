import AgentProtocol
import CPosix

/// What `rpc` does: bytes from the standard input go to the daemon's control socket, and back. It knows nothing of
/// what they say, holds no state and starts nothing.
public enum Relay {
  private static let limit = 1 << 20

  /// - Returns: the exit status: 0 when the controller closed its side, 1 when the daemon was not there or left.
  public static func run(_ root: Root) -> Int32 {
    let daemon = bp_connect_unix(root.controlSocket)
    guard daemon >= 0 else { return explain(root, SystemError("reach", "it", code: daemon)) }
    for fd in [daemon, 1] { _ = bp_set_nonblocking(fd) }
    var toDaemon: [UInt8] = []
    var toController: [UInt8] = []
    var inputEnded = false
    var daemonEnded = false
    while true {
      if daemonEnded, toController.isEmpty { return inputEnded ? 0 : 1 }
      var entries = [
        bp_poll_entry(
          fd: inputEnded || toDaemon.count >= limit ? -1 : 0, wanted: BP_POLL_READ, ready: 0),
        bp_poll_entry(
          fd: daemonEnded ? -1 : daemon,
          wanted: (toController.count < limit ? BP_POLL_READ : 0)
            | (toDaemon.isEmpty ? 0 : BP_POLL_WRITE), ready: 0),
        // Watched even with nothing to write: that the controller is gone shows here.
        bp_poll_entry(fd: 1, wanted: toController.isEmpty ? 0 : BP_POLL_WRITE, ready: 0),
      ]
      let n = entries.withUnsafeMutableBufferPointer { bp_poll($0.baseAddress, 3, -1) }
      if n < 0, n != -BP_EINTR { return 1 }
      if entries[0].ready != 0, Pipe.read(0, into: &toDaemon) <= 0 { inputEnded = true }
      if entries[1].ready & (BP_POLL_READ | BP_POLL_HANGUP) != 0 {
        let got = Pipe.read(daemon, into: &toController)
        if got <= 0, got != -Int64(BP_EAGAIN) { daemonEnded = true }
      }
      if !daemonEnded, !move(&toDaemon, to: daemon) { daemonEnded = true }
      if !move(&toController, to: 1) { return 1 }
      if entries[2].ready & BP_POLL_HANGUP != 0 { return inputEnded ? 0 : 1 }
      if inputEnded, toDaemon.isEmpty, !daemonEnded { _ = bp_shutdown_write(daemon) }
    }
  }

  /// Writes what can be written now; false when the other side is gone.
  private static func move(_ bytes: inout [UInt8], to fd: Int32) -> Bool {
    while !bytes.isEmpty {
      let n = bytes.withUnsafeBytes { bp_write(fd, $0.baseAddress, UInt64($0.count)) }
      if n == -Int64(BP_EAGAIN) { return true }
      if n <= 0 { return false }
      bytes.removeFirst(Int(n))
    }
    return true
  }

  /// Answers the controller's first request with the reason why there is no daemon to ask.
  private static func explain(_ root: Root, _ error: SystemError) -> Int32 {
    let message =
      "the agent's daemon does not answer at \(root.controlSocket) (\(error)); run '\(root.executable) start' on the device"
    Log.line(message)
    var decoder = FrameDecoder()
    var id: UInt64 = 0
    do throws(FrameError) {
      while true {
        if let content = try decoder.next() {
          do throws(MessageError) { id = try Frame<Request>(decoding: content).id } catch {
            id = error.id ?? 0
          }
          break
        }
        var bytes: [UInt8] = []
        if Pipe.read(0, into: &bytes) <= 0 { return 1 }
        decoder.append(bytes)
      }
      let refusal = Response.refused(Refusal(.internalFailure, message))
      _ = Pipe.write(try Frame(id: id, payload: refusal).encoded(), to: 1)
    } catch {
      return 1
    }
    return 1
  }
}
