import AgentProtocol
import CPosix
import Encoding

/// The daemon's side of a ``StagingWorker``.
final class StagingProcess {
  let variant: Variant
  let epoch: Epoch
  let pid: Int32
  let fd: Int32
  /// Who waits for the answer.
  var clients: [Client]
  var inbox: [UInt8] = []

  init(_ variant: Variant, epoch: Epoch, client: Client, in store: ObjectStore) throws(SystemError)
  {
    self.variant = variant
    self.epoch = epoch
    clients = [client]
    var ends: [Int32] = [-1, -1]
    let paired = ends.withUnsafeMutableBufferPointer { bp_socket_pair($0.baseAddress) }
    if paired < 0 { throw SystemError("make", "a socket pair", code: paired) }
    let daemon = bp_pid()
    let child = bp_fork()
    if child < 0 {
      _ = bp_close(ends[0])
      _ = bp_close(ends[1])
      throw SystemError("start", "the staging process", code: child)
    }
    if child == 0 {
      bp_become_child(ends[1])
      guard bp_die_with_parent(daemon) == 0 else { bp_exit(1) }
      let (outcome, message) = StagingWorker.run(variant, in: store)
      let written = Pipe.write(Pipe.framed([outcome.rawValue] + Array(message.utf8)), to: ends[1])
      bp_exit(written ? 0 : 1)
    }
    _ = bp_close(ends[1])
    pid = child
    fd = ends[0]
    _ = bp_set_nonblocking(fd)
  }

  /// How it ended; `nil` while it runs.
  func receive() -> (StagingWorker.Outcome, String)? {
    let n = Pipe.read(fd, into: &inbox)
    if let message = Pipe.next(&inbox), let first = message.first,
      let outcome = StagingWorker.Outcome(rawValue: first)
    {
      return (outcome, String(decoding: message[1...], as: UTF8.self))
    }
    if n > 0 || n == -Int64(BP_EAGAIN) { return nil }
    return (.failed, "the staging process ended without a word; memory may have run out")
  }

  func end() {
    _ = bp_kill(pid, BP_SIGKILL)
    var code: Int32 = 0
    _ = bp_wait(pid, 0, &code)
    _ = bp_close(fd)
  }
}
