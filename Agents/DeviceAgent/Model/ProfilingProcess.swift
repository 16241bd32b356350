import AgentProtocol
import CPosix
import Encoding
import ModelFormat

/// The daemon's side of a ``ProfileWorker``.
final class ProfilingProcess {
  let variant: Digest
  let pid: Int32
  let fd: Int32
  /// Who waits for the answer.
  let client: Client
  /// When to lose patience, in microseconds of ``bp_boot_time()``.
  let deadline: UInt64
  private var inbox: [UInt8] = []

  /// What the first byte says where it is no ``Refusal/Reason``.
  private static let done: UInt8 = .max

  init(
    _ variant: Variant, runs: UInt64, milliseconds: UInt64, client: Client, in store: ObjectStore
  ) throws(SystemError) {
    self.variant = variant.digest
    self.client = client
    let image = variant.image.digest
    let child = try ForkedProcess("the profiling process") { socket in
      let result = ProfileWorker.run(
        image: store.path(of: image), digest: image, runs: runs, milliseconds: milliseconds)
      let message: [UInt8] =
        switch result {
        case .success(let content): [ProfilingProcess.done] + content
        case .failure(let refusal): [refusal.reason.rawValue] + Array(refusal.message.utf8)
        }
      return Pipe.write(Pipe.framed(message), to: socket) ? 0 : 1
    }
    pid = child.pid
    fd = child.fd
    // A run that was begun in time may last as long as loading.
    deadline = bp_boot_time() + milliseconds * 1000 + 2 * ModelProcess.loadingLimit
  }

  /// What to answer; `nil` while it runs.
  func receive() -> Response? {
    let n = Pipe.read(fd, into: &inbox)
    if let message = Pipe.next(&inbox), let first = message.first {
      let rest = Array(message[1...])
      if first == ProfilingProcess.done { return .profile(variant: variant, content: rest) }
      let reason = Refusal.Reason(rawValue: first) ?? .internalFailure
      return .refused(Refusal(reason, String(decoding: rest, as: UTF8.self)))
    }
    if n > 0 && inbox.count <= Pipe.limit || n == -Int64(BP_EAGAIN) { return nil }
    return .refused(
      Refusal(.modelFailed, "the profiling process ended without a word; memory may have run out"))
  }

  func end() {
    _ = bp_kill(pid, BP_SIGKILL)
    var code: Int32 = 0
    _ = bp_wait(pid, 0, &code)
    _ = bp_close(fd)
  }
}
