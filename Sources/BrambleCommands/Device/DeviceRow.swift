import AgentProtocol
import Foundation
import Inventory
import Reports
import Store

/// A device as it is listed: what the inventory says, and what it last said of itself.
struct DeviceRow {
  var device: Device
  var stored: StoredFacts?

  var address: String {
    let host = device.port != nil && device.host.contains(":") ? "[\(device.host)]" : device.host
    return (device.user.map { $0 + "@" } ?? "") + host + (device.port.map { ":\($0)" } ?? "")
  }

  private func fact(_ value: (Facts) -> String) -> String? {
    stored.map { value($0.facts) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  static var listing: Listing<DeviceRow> {
    Listing()
      .text("name", "NAME") { $0.device.name }
      .text("address", "ADDRESS") { $0.address }
      .list("tags", "TAGS") { $0.device.tags }
      .text("architecture", "ARCH") { $0.fact(\.architecture) }
      .text("board", "BOARD") { $0.fact(\.board) }
      .text("deviceClass", "CLASS") { $0.fact(\.deviceClass) }
      .text("agentVersion", "AGENT") { $0.fact(\.agentVersion) }
      .text("seen", "SEEN") { $0.stored.map { Moment.text($0.seen) } }
  }

  static var details: Listing<DeviceRow> {
    Listing()
      .text("name", "name") { $0.device.name }
      .text("address", "address") { $0.address }
      .text("identity", "identity") { $0.device.identity }
      .list("tags", "tags") { $0.device.tags }
      .text("board", "board") { $0.fact(\.board) }
      .text("serial", "serial") { $0.fact(\.serial) }
      .text("architecture", "architecture") { $0.fact(\.architecture) }
      .text("core", "core") { $0.fact(\.core) }
      .count("cores", "cores") { $0.stored?.facts.coreCount }
      .list("isaFlags", "ISA flags") { $0.stored?.facts.isaFlags ?? [] }
      .text("deviceClass", "device class") { $0.fact(\.deviceClass) }
      .column("memory", "memory", { .optional($0.stored?.facts.memory) }) {
        $0.stored.map { Units.bytes($0.facts.memory) } ?? "-"
      }
      .column("freeDisk", "free disk", { .optional($0.stored?.facts.freeDisk) }) {
        $0.stored.flatMap { $0.facts.freeDisk > 0 ? Units.bytes($0.facts.freeDisk) : nil } ?? "-"
      }
      .text("operatingSystem", "system") { $0.fact(\.operatingSystem) }
      .text("kernel", "kernel") { $0.fact(\.kernel) }
      .text("agentVersion", "agent") { $0.fact(\.agentVersion) }
      .text("installation", "installation") { $0.fact(\.installation) }
      .text("seen", "seen") { $0.stored.map { Moment.text($0.seen) } }
  }
}
