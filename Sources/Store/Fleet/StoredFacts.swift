public import AgentProtocol

/// What a device last said of itself, and when.
public struct StoredFacts: Equatable, Sendable {
  public var facts: Facts
  /// Milliseconds since 1970 by the controller's clock.
  public var seen: UInt64

  public init(facts: Facts, seen: UInt64) {
    self.facts = facts
    self.seen = seen
  }
}

/// The form in which facts are kept; a field that a later version adds is optional here.
struct FactsRow: Codable {
  var installation: String
  var agentVersion: String
  var architecture: String
  var board: String
  var serial: String
  var core: String
  var coreCount: UInt64
  var isaFlags: [String]
  var deviceClass: String
  var memory: UInt64
  var operatingSystem: String
  var kernel: String
  var freeDisk: UInt64

  init(_ facts: Facts) {
    installation = facts.installation
    agentVersion = facts.agentVersion
    architecture = facts.architecture
    board = facts.board
    serial = facts.serial
    core = facts.core
    coreCount = facts.coreCount
    isaFlags = facts.isaFlags
    deviceClass = facts.deviceClass
    memory = facts.memory
    operatingSystem = facts.operatingSystem
    kernel = facts.kernel
    freeDisk = facts.freeDisk
  }

  var facts: Facts {
    Facts(
      installation: installation, agentVersion: agentVersion, architecture: architecture,
      board: board, serial: serial, core: core, coreCount: coreCount, isaFlags: isaFlags,
      deviceClass: deviceClass, memory: memory, operatingSystem: operatingSystem, kernel: kernel,
      freeDisk: freeDisk)
  }
}
