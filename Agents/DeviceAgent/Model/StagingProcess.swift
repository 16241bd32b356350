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
    let child = try ForkedProcess("the staging process") { socket in
      let (outcome, message) = StagingWorker.run(variant, in: store)
      let written = Pipe.write(Pipe.framed([outcome.rawValue] + Array(message.utf8)), to: socket)
      return written ? 0 : 1
    }
    pid = child.pid
    fd = child.fd
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
