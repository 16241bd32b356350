public import AgentProtocol
import CPosix

/// Asks the daemon over one of its sockets, one question at a time.
public final class ControlClient {
  private let fd: Int32
  private var decoder = FrameDecoder()

  /// - Throws: above all when no daemon runs.
  public init(_ socket: String) throws(SystemError) {
    fd = bp_connect_unix(socket)
    if fd < 0 { throw SystemError("connect to", socket, code: fd) }
  }

  deinit { _ = bp_close(fd) }

  /// `nil` when no answer comes in time or the connection ends.
  public func ask(_ request: Request, milliseconds: UInt64) -> Response? {
    do throws(FrameError) {
      guard Pipe.write(try Frame(id: 1, payload: request).encoded(), to: fd) else { return nil }
      let end = bp_boot_time() + milliseconds * 1000
      while true {
        if let content = try decoder.next() {
          do throws(MessageError) {
            return try Frame<Response>(decoding: content).payload
          } catch {
            return nil
          }
        }
        let now = bp_boot_time()
        var entry = bp_poll_entry(fd: fd, wanted: BP_POLL_READ, ready: 0)
        guard now < end, bp_poll(&entry, 1, Int32(min((end - now) / 1000 + 1, 60_000))) >= 0 else {
          return nil
        }
        guard entry.ready != 0 else { continue }
        var bytes: [UInt8] = []
        guard Pipe.read(fd, into: &bytes) > 0 else { return nil }
        decoder.append(bytes)
      }
    } catch {
      return nil
    }
  }
}
