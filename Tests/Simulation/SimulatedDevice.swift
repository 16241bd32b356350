import AgentProtocol
import Encoding
import Rollout
import SeededRandom

/// A device as the rollout meets it: the slots and the dead-man of an agent, and a character.
struct SimulatedDevice {
  /// How the new variant behaves there.
  struct Character: Equatable {
    /// Microseconds for a prediction.
    var latency: UInt64 = 20_000
    /// Share of predictions that take ten times the budget.
    var stalls = 0.0
    /// The model's process dies at this prediction, and the agent goes back by itself.
    var crashesAt: Int?
    /// The activation ends with the process dead.
    var failsToStart = false
    /// Of 100 probe windows.
    var rightOfHundred = 97
    var refusesStaging: DeviceFault?
    /// From then on the sensor's own windows kill the process, and the agent goes back by itself.
    var diesAt: Duration?
  }
  let variant: Digest
  let original: Digest?
  var character: Character
  /// Spans of virtual time without a network.
  var outages: [Range<Duration>] = []

  private(set) var active: Digest?
  private(set) var phase: DeviceStatus.Phase
  private(set) var isStaged = false
  private(set) var evidence = Evidence()
  private(set) var everActivated = false
  private var previous: Digest?
  private var terms: TrialTerms?
  private var lastWord = Duration.zero
  private var made = 0

  init(variant: Digest, original: Digest?, character: Character = Character()) {
    self.variant = variant
    self.original = original
    self.character = character
    active = original
    phase = original == nil ? .empty : .committed
  }

  func isOffline(at now: Duration) -> Bool { outages.contains { $0.contains(now) } }

  /// What the agent does alone needs no network and no controller.
  mutating func passTime(to now: Duration) {
    if let diesAt = character.diesAt, phase == .onTrial, now >= diesAt {
      evidence.failures += 3
      evidence.reversals.append("the model failed 3 times: signal 11")
      return goBack()
    }
    guard phase == .onTrial, let terms, now - lastWord >= .milliseconds(terms.deadMan) else {
      return
    }
    goBack()
  }

  mutating func stage() throws(DeviceFault) {
    if let fault = character.refusesStaging { throw fault }
    isStaged = true
  }

  mutating func activate(_ terms: TrialTerms, now: Duration) throws(DeviceFault) {
    guard isStaged else { throw .refused("the variant is not staged") }
    if active == variant, phase != .empty { return }
    if character.failsToStart { throw .variantFailed("the model's process ended with signal 11") }
    previous = active
    active = variant
    phase = .onTrial
    everActivated = true
    self.terms = terms
    lastWord = now
  }

  mutating func keepAlive(now: Duration) throws(DeviceFault) {
    guard phase == .onTrial else { throw .refused("there is no trial") }
    lastWord = now
  }

  /// Gives how long it took; fewer than `count` are made when the process dies.
  mutating func probe(
    _ count: Int, budget: UInt64, random: inout SeededRandom
  ) -> (duration: Duration, fault: DeviceFault?) {
    guard active == variant else {
      return (.milliseconds(1), .refused("the variant is not active"))
    }
    var spent: UInt64 = 0
    for _ in 0..<count {
      made += 1
      if made == character.crashesAt {
        evidence.failures += 1
        evidence.failureReasons.append("the model's process ended with signal 9")
        evidence.reversals.append("the model's process ended with signal 9")
        goBack()
        return (.microseconds(spent), .variantFailed("the model's process ended with signal 9"))
      }
      let stalls = character.stalls > 0 && random.unit() < character.stalls
      let latency = stalls ? 10 * budget : character.latency
      spent += latency
      evidence.predictions += 1
      if latency > budget { evidence.misses += 1 }
      if evidence.probed % 100 < character.rightOfHundred { evidence.probedCorrect += 1 }
      evidence.probed += 1
    }
    return (.microseconds(spent), nil)
  }

  mutating func commit() throws(DeviceFault) {
    guard active == variant else { throw .refused("there is no trial") }
    phase = .committed
  }

  mutating func revert() {
    if active == variant { goBack() }
  }

  var status: DeviceStatus {
    DeviceStatus(
      phase: phase, active: active, previous: previous, staged: isStaged ? variant : nil,
      quarantined: [], epoch: Epoch(1), lastReversal: "", daemonMemory: 0, modelMemory: 0,
      uptime: 0, starts: 1)
  }

  private mutating func goBack() {
    active = previous
    previous = nil
    phase = active == nil ? .empty : .committed
  }
}
