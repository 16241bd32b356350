import Foundation
import Synchronization

/// The thread of one session: what its actor does runs here and nowhere else, and between jobs the
/// thread sleeps until the session's socket has something to say.
final class SessionThread: SerialExecutor {
  /// What a session wants to sleep for.
  struct Sleep {
    /// -1 for no socket.
    var descriptor: Int32
    var events: Int16
    var until: ContinuousClock.Instant?
  }

  /// Whom the thread asks, always on the thread itself.
  protocol Owner: AnyObject, Sendable {
    nonisolated func sleep() -> Sleep
    nonisolated func wake()
  }

  private struct State {
    var jobs: [UnownedJob] = []
    var calls: [@Sendable () -> Void] = []
    var isStopped = false
    var isWoken = false
    var thread: pthread_t?
  }

  private struct OwnerReference: @unchecked Sendable {
    weak var owner: (any Owner)?
  }

  private let state = Mutex(State())
  private let owner = Mutex(OwnerReference())
  private let readEnd: Int32
  private let writeEnd: Int32

  /// Three descriptors a session: the usual soft limit of 1024 would end at some 300 devices.
  private static let raisedLimit: Void = {
    var limit = rlimit()
    guard getrlimit(fileLimit, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = min(limit.rlim_max, 16_384)
    _ = setrlimit(fileLimit, &limit)
  }()

  #if canImport(Glibc)
    private static let fileLimit = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let fileLimit = RLIMIT_NOFILE
  #endif

  /// Most of a thread's stack is never touched; libssh and name look-up need less than this.
  static let stackSize = 512 << 10

  /// `nil` when the process has no file descriptors left.
  init?() {
    _ = Self.raisedLimit
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func start(for owner: any Owner) {
    self.owner.withLock { $0.owner = owner }
    let thread = Thread { self.run() }
    thread.name = "ssh"
    thread.stackSize = Self.stackSize
    thread.start()
  }

  /// Ends the thread once its present jobs are done.
  func stop() {
    state.withLock { $0.isStopped = true }
    alarm()
  }

  /// Runs `call` on the thread soon.
  func perform(_ call: @escaping @Sendable () -> Void) {
    state.withLock { $0.calls.append(call) }
    alarm()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
    alarm()
  }

  func isIsolatingCurrentContext() -> Bool? {
    state.withLock { $0.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
  }

  func checkIsolated() {
    precondition(isIsolatingCurrentContext() == true, "not on the session's thread")
  }

  private func alarm() {
    let mustWrite = state.withLock { state in
      defer { state.isWoken = true }
      return !state.isWoken
    }
    guard mustWrite else { return }
    var byte: UInt8 = 0
    _ = write(writeEnd, &byte, 1)
  }

  private func run() {
    state.withLock { $0.thread = pthread_self() }
    while true {
      let (jobs, calls, isStopped) = state.withLock { state in
        defer {
          state.jobs = []
          state.calls = []
        }
        return (state.jobs, state.calls, state.isStopped)
      }
      for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
      for call in calls { call() }
      guard jobs.isEmpty, calls.isEmpty else { continue }
      if isStopped { return }
      rest()
    }
  }

  /// Sleeps until there is a job, the socket is ready or a time is up, then lets the owner look.
  private func rest() {
    let wish = owner.withLock { $0.owner }?.sleep() ?? Sleep(descriptor: -1, events: 0)
    var polls = [
      pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wish.descriptor, events: wish.events, revents: 0),
    ]
    poll(&polls, wish.descriptor >= 0 ? 2 : 1, milliseconds(until: wish.until))
    if polls[0].revents != 0 {
      var sink = [UInt8](repeating: 0, count: 16)
      _ = read(readEnd, &sink, sink.count)
      state.withLock { $0.isWoken = false }
    }
    owner.withLock { $0.owner }?.wake()
  }

  private func milliseconds(until instant: ContinuousClock.Instant?) -> Int32 {
    guard let instant else { return -1 }
    let left = ContinuousClock.now.duration(to: instant).components
    guard left.seconds >= 0, left.attoseconds >= 0 else { return 0 }
    // Rounded up: a millisecond too early would make the thread spin.
    return Int32(clamping: left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1)
  }
}
