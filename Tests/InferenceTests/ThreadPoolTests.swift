import CAllocationCounter
import Synchronization
import Testing

@testable import Inference

@Suite struct ThreadPoolTests {
  /// What parts count in; a class, so that a C function can be given it.
  final class Tally {
    let calls: [Atomic8] = (0..<64).map { _ in Atomic8() }
    let threads: Threads
    var rounds = 0
    init(_ threads: Threads) { self.threads = threads }
    var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }
    static func of(_ context: UnsafeMutableRawPointer?) -> Tally {
      Unmanaged.fromOpaque(context!).takeUnretainedValue()
    }
  }
  final class Atomic8 {
    let value = Atomic(0)
  }

  @Test(arguments: [1, 2, 3, 7]) func everyPartRunsOnce(count: Int) {
    let pool = ThreadPool(count: count, threshold: ThreadThreshold(all: 0))
    let tally = Tally(pool.threads)
    for round in 1...500 {
      pool.threads.run(parts: 64, tally.context) { context, part, parts in
        precondition(parts == 64)
        Tally.of(context).calls[Int(part)].value.add(1, ordering: .relaxed)
      }
      #expect(tally.calls.allSatisfy { $0.value.load(ordering: .relaxed) == round })
    }
  }

  /// Nobody passes a barrier before all have reached it.
  @Test(arguments: [1, 2, 3, 7]) func aTeamMeetsAtBarriers(count: Int) {
    let pool = ThreadPool(count: count, threshold: ThreadThreshold(all: 0))
    let tally = Tally(pool.threads)
    for _ in 0..<50 {
      for call in tally.calls { call.value.store(0, ordering: .relaxed) }
      pool.threads.runTeam(tally.context) { context, part, parts in
        let tally = Tally.of(context)
        for turn in 1...20 {
          tally.calls[Int(part)].value.store(turn, ordering: .relaxed)
          tally.threads.barrier(part: part, of: parts)
          for other in 0..<Int(parts) {
            let reached = tally.calls[other].value.load(ordering: .relaxed)
            precondition(reached == turn || reached == turn + 1, "\(reached) after \(turn)")
          }
        }
      }
      #expect(tally.calls[0].value.load(ordering: .relaxed) == 20)
    }
  }

  @Test func poolsComeAndGo() {
    for count in 1...200 {
      let pool = ThreadPool(count: 1 + count % 4, threshold: ThreadThreshold(all: 0))
      #expect(pool.threads.count == 1 + count % 4)
      if count % 2 == 0 {
        pool.threads.run(parts: 3, nil) { _, _, _ in }
      }
    }
  }

  @Test func runningAllocatesNothing() {
    let pool = ThreadPool(count: 3, threshold: ThreadThreshold(all: 0))
    let before = allocations_of_this_thread()
    for _ in 0..<100 {
      pool.threads.wake()
      defer { pool.threads.rest() }
      pool.threads.run(parts: 8, nil) { _, _, _ in }
      pool.threads.runTeam(nil) { _, _, _ in }
    }
    #expect(allocations_of_this_thread() == before)
  }

  @Test func smallWorkIsNotShared() {
    let pool = ThreadPool(count: 2, threshold: ThreadThreshold(all: 1000))
    #expect(!pool.threads.share(macs: 999))
    #expect(pool.threads.share(macs: 1000))
    #expect(
      !ThreadPool(count: 1, threshold: ThreadThreshold(all: 1000)).threads.share(macs: 1_000_000))
  }
}
