extension RolloutMachine {
  mutating func start() -> [RolloutEffect] {
    guard phase == .planned else { return [] }
    for (position, target) in plan.targets.enumerated() where target.previous == plan.variant {
      records[position].state = .committed
      records[position].problem = "it ran the variant already"
    }
    phase = .rolling(wave: 0)
    return takeNextWave()
  }

  /// Everything that is unfinished is looked at again; nothing is taken for granted.
  mutating func resume() -> [RolloutEffect] {
    switch phase {
    case .planned: return start()
    case .rolling, .promoting: return resumeForward()
    case .reversing: return open.sorted().map(revert)
    case .ended(.rolledBack): return retryReversals()
    case .ended(.partial), .ended(.untouched): return retrySkipped()
    case .ended(.promoted): return [.finish(.promoted)]
    }
  }

  /// What a phase does when it no longer waits for any device.
  mutating func closePhase() -> [RolloutEffect] {
    switch phase {
    case .rolling: return takeNextWave()
    case .promoting: return end(isComplete ? .promoted : .partial)
    case .reversing: return end(.rolledBack)
    case .planned, .ended: return []
    }
  }

  /// Sends every device back that may ever have run the variant.
  mutating func takeBack(_ finding: Finding) -> [RolloutEffect] {
    switch phase {
    case .reversing, .ended(.rolledBack): return []
    case .planned, .rolling, .promoting, .ended: break
    }
    if self.finding == nil { self.finding = finding }
    phase = .reversing
    open = Set(records.indices.filter { records[$0].isTouched })
    return open.isEmpty ? end(.rolledBack) : open.sorted().map(revert)
  }

  private mutating func takeNextWave() -> [RolloutEffect] {
    while next < records.count, records[next].state == .committed { next += 1 }
    guard next < records.count else { return promote() }
    // Until one device has passed, every wave is a canary.
    let hasPassed = records.contains { $0.state == .healthy }
    let total = records.count
    let size = hasPassed ? plan.wave.count(of: total) : plan.canary.count(of: total)
    phase = .rolling(wave: wavesTaken)
    wavesTaken += 1
    var effects: [RolloutEffect] = []
    while next < records.count, effects.count < size {
      if records[next].state == .pending {
        open.insert(next)
        effects.append(.stage(device: plan.targets[next].name))
      }
      next += 1
    }
    return effects
  }

  private mutating func promote() -> [RolloutEffect] {
    let healthy = records.indices.filter { records[$0].state == .healthy }
    if healthy.isEmpty {
      let already = records.contains { $0.state == .committed }
      return end(isComplete ? .promoted : already ? .partial : .untouched)
    }
    phase = .promoting
    open = Set(healthy)
    return healthy.map { .commit(device: plan.targets[$0].name) }
  }

  private var isComplete: Bool { records.allSatisfy { $0.state == .committed } }

  private mutating func end(_ outcome: RolloutOutcome) -> [RolloutEffect] {
    phase = .ended(outcome)
    open = []
    return [.finish(outcome)]
  }

  private func revert(_ position: Int) -> RolloutEffect {
    .revert(
      device: plan.targets[position].name,
      reason: finding?.description ?? "the rollout was taken back")
  }

  private func resumeForward() -> [RolloutEffect] {
    records.indices.compactMap { position in
      let device = plan.targets[position].name
      switch records[position].state {
      case .pending:
        guard open.contains(position) else { return nil }
        return records[position].isTouched ? .observe(device: device) : .stage(device: device)
      case .staged, .onTrial, .healthy: return .observe(device: device)
      case .committed, .reverted, .unreachable, .quarantined: return nil
      }
    }
  }

  private mutating func retryReversals() -> [RolloutEffect] {
    open = Set(records.indices.filter { records[$0].debt == .revert })
    if open.isEmpty { return [.finish(.rolledBack)] }
    phase = .reversing
    return open.sorted().map(revert)
  }

  /// Devices that were skipped get another chance; those that owe a commit are looked at first.
  private mutating func retrySkipped() -> [RolloutEffect] {
    var effects: [RolloutEffect] = []
    for position in records.indices
    where [.pending, .unreachable].contains(records[position].state) {
      let device = plan.targets[position].name
      open.insert(position)
      if records[position].debt == .commit {
        records[position].state = .healthy
        records[position].debt = nil
        effects.append(.observe(device: device))
      } else {
        records[position].state = .pending
        effects.append(.stage(device: device))
      }
    }
    if effects.isEmpty { return closeAgain() }
    phase = .rolling(wave: wavesTaken)
    wavesTaken += 1
    return effects
  }

  private mutating func closeAgain() -> [RolloutEffect] {
    guard case .ended(let outcome) = phase else { return [] }
    return [.finish(outcome)]
  }
}
