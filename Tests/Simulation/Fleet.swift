import AgentProtocol
import Encoding
import Rollout

/// A fleet to roll out to, with names `d0`, `d1`, ...
enum Fleet {
  static let old = digest(1)
  static let new = digest(2)

  static func digest(_ byte: UInt8) -> Digest {
    guard let digest = Digest(bytes: [UInt8](repeating: byte, count: 32)) else {
      preconditionFailure("32 bytes are a digest")
    }
    return digest
  }

  static func devices(
    _ count: Int, _ character: (Int) -> SimulatedDevice.Character = { _ in .init() }
  ) -> [String: SimulatedDevice] {
    Dictionary(
      uniqueKeysWithValues: (0..<count).map {
        ("d\($0)", SimulatedDevice(variant: new, original: old, character: character($0)))
      })
  }

  static func plan(
    _ count: Int, canary: FleetShare = .devices(1), wave: FleetShare = .percent(25),
    gate: GateTerms = GateTerms(), deadlines: Deadlines = Deadlines()
  ) -> RolloutPlan {
    do {
      return try RolloutPlan(
        variant: new, epoch: Epoch(1),
        targets: (0..<count).map { .init(name: "d\($0)", previous: old) }, canary: canary,
        wave: wave, gate: gate, deadlines: deadlines)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
