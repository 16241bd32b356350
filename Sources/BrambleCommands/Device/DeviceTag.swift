import ArgumentParser
import Inventory

struct DeviceTag: Command {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Give a device tags, or take them away.",
    discussion: """
        bramble device tag pi-01 kitchen ground-floor
        bramble device tag pi-01 kitchen --remove
      """)

  @Argument(help: "The device's name.")
  var name: String

  @Argument(help: "The tags.")
  var tags: [String]

  @Flag(help: "Take the tags away.")
  var remove = false

  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    var inventory = try workbench.inventory()
    let device = try workbench.device(named: name)
    let changed = remove ? device.tags.filter { !tags.contains($0) } : device.tags + tags
    try inventory.setTags(changed, of: name)
    let now = inventory[name]?.tags ?? []
    terminal.note("\(name): " + (now.isEmpty ? "no tags" : now.joined(separator: ", ")))
    return .success
  }
}
