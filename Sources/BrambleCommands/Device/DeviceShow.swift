import ArgumentParser
import Inventory
import Store

struct DeviceShow: Command {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show all that is known of one device.",
    discussion: """
        bramble device show pi-01
      """)

  @Argument(help: "The device's name.")
  var name: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let device = try workbench.device(named: name)
    let row = DeviceRow(device: device, stored: try workbench.store.facts(ofDevice: name))
    output.show(
      json: DeviceRow.details.json(of: row), table: DeviceRow.details.sheet(of: row), on: terminal)
    return .success
  }
}
