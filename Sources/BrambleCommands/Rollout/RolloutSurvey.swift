import AgentProtocol
import Encoding
import Inventory
import ModelFormat
import Rollout
import SSH
import Store

/// How the chosen devices stand before a rollout: what each runs, and which can't be asked.
struct RolloutSurvey: Sendable {
  var devices: [Device]
  var statuses: [String: DeviceStatus]
  /// Devices that did not answer; the rollout tries them again in their turn.
  var unreachable: [String: DeviceProblem]

  /// Asks every device over the lines that the rollout goes on with.
  ///
  /// Throws when a device shows the wrong host key, has no agent, or is of a class that the variant
  /// was not made for: that is for the operator to put right before anything changes.
  static func take(
    of devices: [Device], over lines: [String: AgentLine], variant: Manifest, store: Store,
    forks: Int, progress: ProgressLine
  ) async throws -> RolloutSurvey {
    var done = 0
    let results = await Fanout(forks: forks).run(
      over: devices,
      onResult: { (_: Int, _: Result<DeviceStatus, DeviceProblem>) in
        done += 1
        progress.update("asking the devices: \(done) of \(devices.count)")
      }
    ) { (device: Device) async throws(DeviceProblem) -> DeviceStatus in
      do {
        guard let line = lines[device.name] else { throw CancellationError() }
        return try await line.run { agent in
          try store.save(agent.facts, ofDevice: device.name)
          guard variant.image(for: agent.facts.deviceClass) != nil else {
            throw Failure(
              "\(device.name): the variant has no image for devices of class "
                + "\(agent.facts.deviceClass); compress it again with this version")
          }
          return try await agent.status()
        }
      } catch {
        throw DeviceProblem(error)
      }
    }
    try Task.checkCancellation()
    var survey = RolloutSurvey(devices: devices, statuses: [:], unreachable: [:])
    var obstacles: [DeviceProblem] = []
    for (device, result) in zip(devices, results) {
      switch result {
      case .success(let status): survey.statuses[device.name] = status
      case .failure(let problem) where problem.status == .partial:
        survey.unreachable[device.name] = problem
      case .failure(let problem): obstacles.append(problem)
      }
    }
    guard obstacles.isEmpty else {
      throw Failure(
        obstacles.map(\.message).joined(separator: "\n") + "\nnothing was changed on any device",
        status: .gravest(of: obstacles))
    }
    guard !survey.statuses.isEmpty else {
      throw Failure(
        survey.unreachable.values.map(\.message).sorted().joined(separator: "\n")
          + "\nno device answers; nothing was changed",
        status: .partial)
    }
    return survey
  }

  /// The devices in the order in which they change: those that answer first, so that the canary is one of them.
  func targets(variant: Manifest, store: Store) throws -> [RolloutPlan.Target] {
    let ordered =
      devices.filter { statuses[$0.name] != nil } + devices.filter { statuses[$0.name] == nil }
    return try ordered.map { device in
      let active = statuses[device.name]?.active
      return RolloutPlan.Target(
        name: device.name, previous: active,
        previousAccuracy: try active.flatMap {
          try accuracy(of: $0, on: device.name, sharing: variant.probe, store: store)
        })
    }
  }

  /// The newest epoch that any of them has obeyed.
  var epoch: Epoch { statuses.values.map(\.epoch).max() ?? Epoch(0) }

  /// In thousandths; `nil` unless the variant was probed there enough with the very same windows.
  private func accuracy(
    of variant: Digest, on device: String, sharing probe: ObjectReference?, store: Store
  ) throws -> Int? {
    guard let record = try store.variant(variant), let probe,
      try Manifest(decoding: record.manifest).probe == probe,
      let facts = try store.facts(ofDevice: device)?.facts
    else { return nil }
    let key = DeviceKey(name: device, installation: facts.installation)
    let summary = try store.summaries(of: [key], variant: variant, budget: .max).first
    guard let summary, summary.probed >= 100 else { return nil }
    return summary.probedCorrect * 1000 / summary.probed
  }
}
