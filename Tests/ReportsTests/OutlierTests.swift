import Reports
import SeededRandom
import Store
import Testing

struct OutlierTests {
  static func device(
    _ name: String, judged: (Int, Int) = (98, 100), probed: (Int, Int) = (291, 300),
    p50: UInt64 = 20_000, misses: Int = 0
  ) -> DeviceSummary {
    var summary = DeviceSummary(device: name)
    summary.predictions = 400
    (summary.judgedCorrect, summary.judged) = judged
    (summary.probedCorrect, summary.probed) = probed
    summary.p50 = p50
    summary.misses = misses
    return summary
  }

  @Test func oneDriftedSensorStandsOutOfThree() throws {
    let fleet = [
      Self.device("pi-01"), Self.device("pi-02", judged: (61, 100)),
      Self.device("pi-03", judged: (97, 100)),
    ]
    let outliers = Outliers(fleet)
    #expect(outliers.reasons.keys.sorted() == ["pi-02"])
    let reason = try #require(outliers.reasons["pi-02"]?.first)
    #expect(
      reason
        == "live accuracy 61.0%, fleet 97.5%; 97.0% on its probe set: look at the sensor")
  }

  @Test func chanceIsNoReason() {
    // Three points less in a hundred, and four of ten labels wrong with few labels given.
    #expect(Outliers([Self.device("a"), Self.device("b", judged: (95, 100))]).reasons.isEmpty)
    #expect(
      Outliers([Self.device("a"), Self.device("b", judged: (5, 9))]).reasons.isEmpty)
    #expect(Outliers([Self.device("a", judged: (0, 0))]).reasons.isEmpty)
    #expect(Outliers([]).reasons.isEmpty)
  }

  /// An even fleet of 50: at most about one run of a hundred may name any device.
  @Test func anEvenFleetIsQuiet() {
    var random = SeededRandom(seed: 8)
    var alarms = 0
    for _ in 0..<200 {
      let fleet = (0..<50).map { index in
        let right = (0..<120).count { _ in random.unit() < 0.93 }
        return Self.device("d\(index)", judged: (right, 120))
      }
      if !Outliers(fleet).reasons.isEmpty { alarms += 1 }
    }
    #expect(alarms <= 6)
  }

  @Test func aVariantThatComputesWrongOnOneDeviceStandsOut() {
    let fleet = [Self.device("a"), Self.device("b"), Self.device("c", probed: (240, 300))]
    #expect(Outliers(fleet).reasons["c"] == ["probe accuracy 80.0%, fleet 97.0%"])
  }

  @Test func latencyIsComparedWithinAClass() {
    var fleet = (0..<6).map { Self.device("d\($0)", p50: 20_000 + UInt64($0) * 200) }
    fleet.append(Self.device("throttled", p50: 60_000))
    #expect(Outliers(fleet).reasons["throttled"] == ["usually 60.0 ms, its class 20.6 ms"])
    let kind = Dictionary(
      uniqueKeysWithValues: fleet.map { ($0.device, $0.device == "throttled" ? "zero" : "four") })
    #expect(Outliers(fleet, kind: kind).reasons.isEmpty)
    #expect(Outliers(Array(fleet.suffix(3))).reasons.isEmpty, "three devices have no usual speed")
  }

  @Test func missesAndFailuresAreNamed() {
    var failing = Self.device("b")
    failing.failures = 2
    failing.newestFailure = "signal\u{1B} 9"
    let reasons = Outliers([Self.device("a", misses: 14), failing, Self.device("c", misses: 2)])
      .reasons
    #expect(reasons["a"] == ["14 of 400 over the budget"])
    #expect(reasons["b"] == ["2 without an answer: signal 9"])
    #expect(reasons["c"] == nil)
  }

  @Test func theTableMarksWhoStandsOut() {
    let fleet = [Self.device("pi-01"), Self.device("pi-02", judged: (61, 100))]
    let lines = FleetTable.text(fleet, outliers: Outliers(fleet)).split(separator: "\n")
    #expect(lines[0].hasPrefix("   DEVICE"))
    #expect(lines[1].hasPrefix("   pi-01"))
    #expect(lines[2].hasPrefix("!  pi-02") && lines[2].hasSuffix("look at the sensor"))
  }
}
