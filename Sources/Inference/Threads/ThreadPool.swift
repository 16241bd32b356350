internal import CPosix

/// The helpers of one interpreter. A process that forks must not use the pools that it had before.
final class ThreadPool {
  /// What steps see; valid as long as the pool lives.
  let threads: Threads

  /// Starts `count - 1` helpers, or as many as the system gives. Steps below `threshold` do without.
  init(count: Int, threshold: ThreadThreshold) {
    threads = Threads(
      pool: count > 1 ? bp_pool_start(UInt32(min(count, Int(BP_MOST_THREADS)))) : nil,
      threshold: threshold)
  }

  deinit { threads.stop() }
}

/// The threads that steps may use: the calling one, and the helpers of its pool.
///
/// How work is cut never changes a result: no sum crosses a border between parts.
struct Threads {
  fileprivate let pool: OpaquePointer?
  /// How many there are, the calling one included.
  let count: Int
  private let threshold: ThreadThreshold

  fileprivate init(pool: OpaquePointer?, threshold: ThreadThreshold) {
    self.pool = pool
    self.threshold = threshold
    count = Int(bp_pool_threads(pool))
  }

  /// One thread without helpers.
  var alone: Threads { Threads(pool: nil, threshold: threshold) }

  /// Whether a product of so many multiply-accumulates is worth sharing.
  func share(macs: Int) -> Bool { count > 1 && macs >= threshold.floatMACs }

  /// The same for rows of int8.
  func share(int8MACs macs: Int) -> Bool { count > 1 && macs >= threshold.int8MACs }

  /// The same for a recurrent layer, whose threads meet at every step.
  func share(macs: Int, steps: Int) -> Bool {
    share(macs: macs) && macs / steps >= threshold.stepMACs
  }

  /// The same for windows that read so many values together.
  func share(taps: Int) -> Bool { count > 1 && taps >= threshold.taps }

  /// The same for functions of elements and of rows.
  func share(elements: Int) -> Bool { count > 1 && elements >= threshold.elements }

  /// One call of a part; `context` is what ``run(parts:_:_:)`` was given.
  typealias Work = @convention(c) (UnsafeMutableRawPointer?, UInt32, UInt32) -> Void

  /// Calls `work` for the parts 0, 1, ... of `parts`, on whichever thread is free.
  func run(parts: Int, _ context: UnsafeMutableRawPointer?, _ work: Work) {
    bp_pool_run(pool, UInt32(parts), work, context)
  }

  /// Calls `work` on several threads at once, which may meet at ``barrier(part:of:)``. Its last argument
  /// is how many they are, which is 1 when the helpers are late: all of the work has to be done then too.
  func runTeam(_ context: UnsafeMutableRawPointer?, _ work: Work) {
    bp_pool_run_team(pool, work, context)
  }

  /// Goes on when all of a team have come here.
  func barrier(part: UInt32, of parts: UInt32) { bp_pool_barrier(pool, part, parts) }

  /// Gives C code that loops by itself what it needs for ``barrier(part:of:)``.
  func `let`(
    _ pool: inout OpaquePointer?,
    meetBy barrier: inout (@convention(c) (OpaquePointer?, UInt32, UInt32) -> Void)?
  ) {
    (pool, barrier) = (self.pool, bp_pool_barrier)
  }

  /// Lets helpers look for work until ``rest()``, without sleeping in between.
  func wake() { bp_pool_wake(pool) }

  /// Lets helpers sleep.
  func rest() { bp_pool_rest(pool) }

  fileprivate func stop() { bp_pool_stop(pool) }
}
