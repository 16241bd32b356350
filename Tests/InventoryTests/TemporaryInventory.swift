import Foundation
import Inventory

/// Runs `body` with an inventory made of these files (name without `.yaml`, text), and removes it.
func withInventory<Value>(
  _ files: [String: String], _ body: (URL) throws -> Value
) throws -> Value {
  let workspace = FileManager.default.temporaryDirectory.appending(
    path: "bramble-inventory-\(UUID().uuidString)")
  let folder = workspace.appending(path: "Inventory")
  let devices = folder.appending(path: "devices")
  try FileManager.default.createDirectory(at: devices, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: workspace) }
  for (name, text) in files {
    let file = name.contains(".") ? name : name + ".yaml"
    try text.write(to: devices.appending(path: file), atomically: true, encoding: .utf8)
  }
  return try body(folder)
}

func text(_ name: String, in folder: URL) throws -> String {
  try String(contentsOf: folder.appending(path: "devices/\(name).yaml"), encoding: .utf8)
}
