import ArgumentParser
import Inventory
import Store

struct DeviceList: Command {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the registered devices.",
    discussion: """
        bramble device list
        bramble device list arch:aarch64 -o json
      """)

  @Argument(help: "Which devices.")
  var selector = "all"

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let facts = try workbench.store.allFacts()
    let rows = try workbench.devices(selector).map { DeviceRow(device: $0, stored: facts[$0.name]) }
    output.show(
      rows, as: DeviceRow.listing,
      empty: "no device is registered; add one with `bramble device add NAME USER@HOST`",
      on: terminal)
    return .success
  }
}
