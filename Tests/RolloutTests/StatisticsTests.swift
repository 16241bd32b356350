import SeededRandom
import Testing

@testable import Rollout

struct StatisticsTests {
  // Reference values: scipy.stats.beta.ppf(confidence, k + 1, n - k) of SciPy 1.17.
  @Test(arguments: [
    (0, 299, 0.95, 0.009969146792899269), (0, 298, 0.95, 0.010002432437677691),
    (1, 473, 0.95, 0.009989707474224693), (5, 100, 0.95, 0.1022533776432745),
    (50, 100, 0.99, 0.6192825330930475), (37, 5000, 0.975, 0.010185633825584088),
    (999, 1000, 0.95, 0.999948708021091),
  ])
  func upperBoundMatchesReference(
    _ count: Int, _ trials: Int, _ confidence: Double, _ known: Double
  ) {
    let bound = Binomial(count: count, trials: trials).upperBound(confidence: confidence)
    #expect(abs(bound - known) < 1e-9 * max(known, 1e-3))
  }

  @Test(arguments: [
    (1, 299, 0.95, 0.0001715347657864491), (5, 100, 0.95, 0.019905563662171843),
    (100, 100, 0.95, 0.9704869503929601),
  ])
  func lowerBoundMatchesReference(
    _ count: Int, _ trials: Int, _ confidence: Double, _ known: Double
  ) {
    let bound = Binomial(count: count, trials: trials).lowerBound(confidence: confidence)
    #expect(abs(bound - known) < 1e-9)
  }

  @Test(arguments: [
    (3, 10, 0.5, 0.171875), (950, 1000, 0.97, 0.0004207665452482011),
    (0, 20, 0.1, 0.12157665459056925),
  ])
  func lowerTailMatchesReference(_ count: Int, _ trials: Int, _ rate: Double, _ known: Double) {
    let tail = Binomial(count: count, trials: trials).lowerTail(rate: rate)
    #expect(abs(tail - known) < 1e-9 * max(known, 1e-6))
  }

  @Test func boundsAtTheEdges() {
    #expect(Binomial(count: 0, trials: 0).upperBound(confidence: 0.95) == 1)
    #expect(Binomial(count: 4, trials: 4).upperBound(confidence: 0.95) == 1)
    #expect(Binomial(count: 0, trials: 9).lowerBound(confidence: 0.95) == 0)
  }

  @Test(arguments: [(0, 299), (1, 473), (2, 628), (5, 1049)])
  func trialsNeededForOnePercent(_ count: Int, _ known: Int) {
    let needed = Binomial.trialsNeeded(count: count, limit: 0.01, confidence: 0.95)
    #expect(needed == known)
    #expect(Binomial(count: count, trials: needed).upperBound(confidence: 0.95) <= 0.01)
    #expect(Binomial(count: count, trials: needed - 1).upperBound(confidence: 0.95) > 0.01)
  }

  // Reference values: numerical integration of the mixture with mpmath at 30 digits.
  @Test(arguments: [
    (0, 0, 1.0), (3, 3, 252525.25), (3, 100, 0.1608405738533037), (0, 300, 0.0033222591362126247),
    (12, 400, 4.1939828961195165),
  ])
  func evidenceMatchesReference(_ violations: Int, _ predictions: Int, _ known: Double) {
    let test = ViolationTest(limit: 0.01, alpha: 0.05)
    let evidence = test.evidence(violations: violations, predictions: predictions)
    #expect(abs(evidence - known) < 1e-8 * known)
  }

  @Test func aFewSlowPredictionsAreClearAndAFewAmongManyAreNot() {
    let test = ViolationTest(limit: 0.01, alpha: 0.05)
    #expect(test.isBroken(violations: 3, predictions: 4))
    #expect(test.isBroken(violations: 6, predictions: 100))
    #expect(!test.isBroken(violations: 3, predictions: 300))
    #expect(!test.isBroken(violations: 0, predictions: 0))
  }

  /// Looked at after each of 2,000 predictions, with the rate exactly at the limit: the alarm may
  /// ever be raised in at most 5% of the runs.
  @Test func falseAlarmsStayUnderAlphaHoweverOftenOneLooks() {
    var random = SeededRandom(seed: 20)
    let test = ViolationTest(limit: 0.01, alpha: 0.05)
    let runs = 2_000
    var alarms = 0
    for _ in 0..<runs {
      var violations = 0
      for n in 1...2_000 {
        // The evidence only grows at a violation, so looking there is looking always.
        guard random.unit() < 0.01 else { continue }
        violations += 1
        if test.isBroken(violations: violations, predictions: n) {
          alarms += 1
          break
        }
      }
    }
    #expect(Double(alarms) / Double(runs) < 0.05)
    #expect(alarms > 0, "a test that never alarms would not be one")
  }

  @Test func aRateOfFivePercentIsFoundWithinAFewHundredPredictions() {
    var random = SeededRandom(seed: 4)
    let test = ViolationTest(limit: 0.01, alpha: 0.05)
    var lengths: [Int] = []
    for _ in 0..<200 {
      var (violations, n) = (0, 0)
      while !test.isBroken(violations: violations, predictions: n) {
        n += 1
        if random.unit() < 0.05 { violations += 1 }
      }
      lengths.append(n)
    }
    lengths.sort()
    #expect(lengths[100] < 200)
    #expect(lengths[199] < 1_500)
  }
}
