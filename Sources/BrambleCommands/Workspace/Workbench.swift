import AgentProtocol
import Foundation
import Inventory
import Store

/// A workspace opened for one command.
struct Workbench: Sendable {
  let workspace: Workspace
  let store: Store
  let objects: Objects

  init(_ options: WorkspaceOptions) throws {
    try self.init(
      Workspace.find(from: options.workspace ?? FileManager.default.currentDirectoryPath))
  }

  init(_ workspace: Workspace) throws {
    self.workspace = workspace
    store = try Store(path: workspace.database)
    objects = Objects(directory: workspace.objects)
  }

  func inventory() throws -> Inventory { try Inventory(directory: workspace.inventory) }

  /// The devices that `selector` means, by what is known of them. May be none.
  func devices(_ selector: String) throws -> [Device] {
    try Selector(parsing: selector).select(
      from: inventory().devices, facts: store.allFacts().mapValues(\.facts))
  }

  /// The same; none at all is an error, since there would be nothing to do.
  func someDevices(_ selector: String) throws -> [Device] {
    let all = try inventory().devices
    if all.isEmpty {
      throw Failure(
        "no device is registered in \(workspace.root): add one with "
          + "`bramble device add NAME USER@HOST`")
    }
    let chosen = try devices(selector)
    if chosen.isEmpty {
      let asks = try Selector(parsing: selector).asksForFacts
      throw Failure(
        "the selector '\(selector)' fits none of the \(all.count) devices"
          + (asks ? "; `bramble device check` refreshes what is known of them" : ""),
        status: .usage)
    }
    return chosen
  }

  /// Throws, with the nearest name that there is, when it is nobody's.
  func device(named name: String) throws -> Device {
    let chosen = try Selector(parsing: name).select(from: inventory().devices, facts: [:])
    guard let device = chosen.first(where: { $0.name == name }) else {
      throw Failure("'\(name)' is not the name of a device; `bramble device list` lists them")
    }
    return device
  }

  /// Who changed what, for the audit.
  func record(_ action: String, _ detail: String) throws {
    try store.record(AuditEntry(person: NSUserName(), action: action, detail: detail))
  }
}
