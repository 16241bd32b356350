import Synchronization
import Testing

@testable import BrambleCommands

@Suite struct ConcurrentlyTests {
  private final class Gauge: Sendable {
    let counts = Mutex((now: 0, most: 0))
    func enter() {
      counts.withLock {
        $0.now += 1; $0.most = max($0.most, $0.now)
      }
    }
    func leave() { counts.withLock { $0.now -= 1 } }
  }

  @Test(arguments: [1, 3, 100]) func orderIsKeptAndTheLimitHolds(_ limit: Int) async {
    let gauge = Gauge()
    let results = await concurrently(Array(0..<40), limit: limit) { item in
      gauge.enter()
      for _ in 0..<(item % 5) { await Task.yield() }
      gauge.leave()
      return item * 2
    }
    #expect(results == (0..<40).map { $0 * 2 })
    #expect(gauge.counts.withLock { $0.most } <= limit)
  }

  @Test func nothingIsFine() async {
    #expect(await concurrently([Int](), limit: 4) { $0 }.isEmpty)
  }
}
