import ArgumentParser
import Inventory
import SSH
import Store

struct DeviceRemove: Command {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Forget a device; nothing is changed on it.",
    discussion: """
      Its telemetry stays in the store. Its host key is forgotten too, unless another device has
      the same address.

        bramble device remove pi-01
      """)

  @Argument(help: "The device's name.")
  var name: String

  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let device = try workbench.device(named: name)
    var inventory = try workbench.inventory()
    try inventory.remove(name)
    try workbench.store.removeDevice(name)
    let isShared = inventory.devices.contains {
      $0.host == device.host && $0.port == device.port
    }
    if !isShared {
      try Connector(workbench).knownHosts.forget(host: device.host, port: device.port ?? 22)
    }
    try workbench.record("device remove", name)
    terminal.note("\(name) is forgotten; nothing was changed on it")
    return .success
  }
}
