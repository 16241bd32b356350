import AgentProtocol
import CPosix
import Encoding
import ModelFormat

/// One prediction that was asked for.
struct Job {
  var source: PredictionSource
  /// Float32, little-endian.
  var input: [UInt8]
  /// When the request was there, in microseconds of ``bp_boot_time()``.
  var arrived: UInt64
  /// Whom to answer; `nil` for the probe set.
  var client: Client?
  /// The true label, where it is known already.
  var expected: UInt64?
}

/// The daemon's side of the model's process.
final class ModelProcess {
  enum Phase {
    case loading
    case idle
    case busy(Job)
  }

  let variant: Variant
  let pid: Int32
  let fd: Int32
  var phase: Phase = .loading
  /// When to lose patience, in microseconds of ``bp_boot_time()``; `nil` while it has nothing to do.
  var deadline: UInt64?
  var inbox: [UInt8] = []
  var outbox: [UInt8] = []

  /// Time to load, in microseconds: hashing and mapping a few megabytes, on the slowest board and under emulation.
  static let loadingLimit: UInt64 = 60_000_000

  init(_ variant: Variant, in store: ObjectStore) throws(SystemError) {
    self.variant = variant
    let child = try ForkedProcess("the model's process") { socket in
      ModelWorker.run(
        image: store.path(of: variant.image.digest), digest: variant.image.digest,
        decision: variant.manifest.decision, socket: socket)
    }
    pid = child.pid
    fd = child.fd
    deadline = bp_boot_time() + ModelProcess.loadingLimit
  }

  var isIdle: Bool {
    if case .idle = phase { return true }
    return false
  }

  var job: Job? {
    if case .busy(let job) = phase { return job }
    return nil
  }

  /// Hands a job over. `limit` is in microseconds.
  func begin(_ job: Job, limit: UInt64) {
    phase = .busy(job)
    deadline = bp_boot_time() + limit
    outbox += Pipe.framed(job.input)
    flush()
  }

  func finish() {
    phase = .idle
    deadline = nil
  }

  /// Writes what the process takes now. That it is gone shows when reading.
  func flush() {
    while !outbox.isEmpty {
      let n = outbox.withUnsafeBytes { bp_write(fd, $0.baseAddress, UInt64($0.count)) }
      if n <= 0 { return }
      outbox.removeFirst(Int(n))
    }
  }

  /// Reads what is there. False when the process has ended or sends nonsense.
  func receive() -> Bool {
    while true {
      let n = Pipe.read(fd, into: &inbox)
      if n == -Int64(BP_EAGAIN) { return true }
      if n <= 0 || inbox.count > Pipe.limit { return false }
      // Less than a full piece: there is nothing more for now.
      if n < 1 << 16 { return true }
    }
  }

  /// Ends the process if it still runs, and says how it ended.
  func end() -> String {
    _ = bp_kill(pid, BP_SIGKILL)
    var code: Int32 = 0
    let reaped = bp_wait(pid, 0, &code)
    _ = bp_close(fd)
    if reaped < 0 { return "it ended" }
    return code < 0 ? "it was ended by signal \(-code)" : "it ended with status \(code)"
  }
}
