import Testing

@testable import BrambleCommands

@Suite struct ProbeSelectionTests {
  /// 70 windows of class 0, 20 of class 1, 5 of class 2.
  private let labels =
    [Int](repeating: 0, count: 70) + [Int](repeating: 1, count: 20) + [Int](repeating: 2, count: 5)

  @Test func classesAreBalancedAsFarAsTheyGo() {
    let chosen = ProbeSelection.positions(labels: labels, count: 45).map { labels[$0] }
    #expect(chosen.count == 45)
    #expect(chosen.count { $0 == 0 } == 20)
    #expect(chosen.count { $0 == 1 } == 20)
    #expect(chosen.count { $0 == 2 } == 5)
  }

  @Test func noWindowIsTakenTwice() {
    for count in [1, 7, 48, 95, 200] {
      let chosen = ProbeSelection.positions(labels: labels, count: count)
      #expect(Set(chosen).count == chosen.count)
      #expect(chosen.count == min(count, labels.count))
    }
  }

  @Test func anyBeginningIsBalancedToo() {
    let chosen = ProbeSelection.positions(labels: labels, count: 15).map { labels[$0] }
    #expect(Array(chosen.prefix(6)) == [0, 1, 2, 0, 1, 2])
  }

  @Test func theWholeSetIsCovered() {
    let chosen = ProbeSelection.positions(labels: [Int](repeating: 3, count: 100), count: 4)
    #expect(chosen == [12, 37, 62, 87])
  }
}
