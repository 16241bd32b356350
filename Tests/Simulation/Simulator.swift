import AgentProtocol
import Rollout
import SeededRandom

/// Runs a rollout's conductor against simulated devices in virtual time. The same seed gives the same run.
struct Simulator {
  struct Weather {
    /// Share of calls whose answer is lost after the device has carried them out.
    var lostAnswers = 0.0
    /// Share of calls that never arrive.
    var lostCalls = 0.0
    /// Share of ended calls that are carried out all the same, a little later.
    var lateCalls = 0.0
  }
  private enum Happening {
    case arrive(Operation, life: Int)
    case arriveLate(Operation)
    case answer(token: Int, OperationResult, life: Int)
    case wake(life: Int)
    case restart
    case rollBack(String)
  }

  let plan: RolloutPlan
  var devices: [String: SimulatedDevice]
  var weather: Weather
  let forks: Int
  private(set) var journal: [RolloutEvent] = []
  private(set) var now = Duration.zero
  private(set) var outcome: RolloutOutcome?
  private var conductor: RolloutConductor
  private var random: SeededRandom
  private var agenda = Agenda<Happening>()
  /// Counts the controller's lives: what an earlier life waited for is lost with it.
  private var life = 1
  private var cancelled: Set<Int> = []
  /// The one moment that the controller's timer is set to.
  private var wakeAt: Duration?
  private var kills: Set<Int> = []
  private(set) var steps = 0

  init(
    plan: RolloutPlan, devices: [String: SimulatedDevice], seed: UInt64, forks: Int = 32,
    weather: Weather = Weather()
  ) {
    self.plan = plan
    self.devices = devices
    self.weather = weather
    self.forks = forks
    random = SeededRandom(seed: seed)
    conductor = RolloutConductor(machine: RolloutMachine(plan: plan), forks: forks)
  }

  var machine: RolloutMachine { conductor.machine }

  /// The controller dies right after its journal has so many events, and comes back `downtime` later.
  mutating func kill(afterEvents counts: Set<Int>) { kills.formUnion(counts) }
  var downtime = Duration.seconds(5)

  mutating func run(_ first: RolloutEvent? = nil) {
    outcome = nil
    let event = first ?? (journal.isEmpty ? .started : .resumed)
    carryOut(conductor.begin(with: event, now: now))
    while outcome == nil, let next = agenda.next() {
      now = max(now, next.at)
      steps += 1
      precondition(steps < 5_000_000, "the rollout does not end")
      happen(next.value)
    }
  }

  /// Lets time pass without a controller.
  mutating func rest(_ span: Duration) {
    now += span
    for name in devices.keys { devices[name]?.passTime(to: now) }
  }

  /// A person asks for everything back at that moment.
  mutating func rollBack(at moment: Duration, reason: String) {
    agenda.add(.rollBack(reason), at: moment)
  }

  private mutating func happen(_ happening: Happening) {
    switch happening {
    case .arrive(let operation, let life):
      guard !cancelled.contains(operation.token) || life != self.life else { return }
      arrive(operation, life: life)
    case .arriveLate(let operation):
      _ = carryOut(operation)
    case .answer(let token, let result, let life):
      guard life == self.life else { return }
      carryOut(conductor.completed(token, result, now: now))
    case .wake(let life):
      guard life == self.life, wakeAt == now else { return }
      wakeAt = nil
      carryOut(conductor.wake(now: now))
    case .restart:
      conductor = RolloutConductor(
        machine: RolloutMachine(plan: plan, replaying: journal), forks: forks)
      carryOut(conductor.begin(with: .resumed, now: now))
    case .rollBack(let reason):
      carryOut(conductor.begin(with: .stopRequested(reason: reason), now: now))
    }
  }

  /// As the driver does it: first the events are kept, then the rest is done.
  private mutating func carryOut(_ step: ConductorStep) {
    for event in step.events {
      journal.append(event)
      if kills.remove(journal.count) != nil {
        life += 1
        wakeAt = nil
        cancelled = []
        agenda.add(.restart, at: now + downtime)
        return
      }
    }
    for token in step.cancelled {
      cancelled.insert(token)
      agenda.add(.answer(token: token, .fault(.unreachable("cancelled")), life: life), at: now)
    }
    for operation in step.launched {
      if random.unit() < weather.lateCalls {
        agenda.add(.arriveLate(operation), at: now + .seconds(3))
      }
      agenda.add(.arrive(operation, life: life), at: now + .milliseconds(5))
    }
    if let moment = step.wakeAt, moment != wakeAt {
      agenda.add(.wake(life: life), at: max(moment, now))
    }
    wakeAt = step.wakeAt.map { max($0, now) }
    outcome = step.outcome
  }

  private mutating func arrive(_ operation: Operation, life: Int) {
    guard let device = devices[operation.device] else { return }
    if device.isOffline(at: now) || random.unit() < weather.lostCalls {
      answer(operation, .fault(.unreachable("no route to host")), after: .seconds(5), life)
      return
    }
    let (result, duration) = carryOut(operation)
    if device.isOffline(at: now + duration) || random.unit() < weather.lostAnswers {
      answer(operation, .fault(.unreachable("connection lost")), after: duration, life)
    } else {
      answer(operation, result, after: duration, life)
    }
  }

  private mutating func answer(
    _ operation: Operation, _ result: OperationResult, after duration: Duration, _ life: Int
  ) {
    agenda.add(.answer(token: operation.token, result, life: life), at: now + duration)
  }

  /// What the device does, and how long it takes.
  private mutating func carryOut(_ operation: Operation) -> (OperationResult, Duration) {
    guard var device = devices[operation.device] else { return (.done, .zero) }
    defer { devices[operation.device] = device }
    device.passTime(to: now)
    var duration = Duration.milliseconds(20)
    do throws(DeviceFault) {
      switch operation.kind {
      case .stage:
        duration = .seconds(2)
        try device.stage()
      case .activate: try device.activate(plan.terms, now: now)
      case .commit:
        if device.status.active != plan.variant { return (observation(device), duration) }
        try device.commit()
      case .revert: device.revert()
      case .observe: return (observation(device), duration)
      case .heartbeat:
        do { try device.keepAlive(now: now) } catch {}
        return (observation(device), duration)
      case .gather(let predictions):
        let (spent, fault) = device.probe(
          predictions, budget: plan.gate.budget, random: &random)
        let seen = Observation(
          status: device.status, variant: plan.variant, evidence: device.evidence)
        return (.gathered(device.evidence, seen, fault: fault), duration + spent)
      }
      return (.done, duration)
    } catch {
      return (.fault(error), duration)
    }
  }

  private func observation(_ device: SimulatedDevice) -> OperationResult {
    .observation(
      Observation(status: device.status, variant: plan.variant, evidence: device.evidence))
  }
}
