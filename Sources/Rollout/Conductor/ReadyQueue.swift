/// Devices that wait for a fork, by urgency and then in the order of their coming.
struct ReadyQueue: Sendable {
  private var lanes: [[String]] = [[], [], []]
  private var heads = [0, 0, 0]

  mutating func add(_ device: String, for kind: Operation.Kind) {
    let lane =
      switch kind {
      case .revert: 0
      case .observe, .activate, .gather, .commit, .heartbeat: 1
      case .stage: 2
      }
    lanes[lane].append(device)
  }

  mutating func next() -> String? {
    for lane in lanes.indices where heads[lane] < lanes[lane].count {
      let device = lanes[lane][heads[lane]]
      heads[lane] += 1
      if heads[lane] == lanes[lane].count {
        lanes[lane].removeAll(keepingCapacity: true)
        heads[lane] = 0
      }
      return device
    }
    return nil
  }
}
