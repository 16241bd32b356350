import Foundation
import Inventory
import Testing

@Suite struct ReadingTests {
  @Test func theExampleAtTheTopIsValid() throws {
    let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let inventory = try Inventory(directory: root.appending(path: "Inventory").path)
    #expect(inventory.devices.map(\.name) == ["pi-hall", "pi-kitchen"])
    #expect(
      inventory["pi-kitchen"]
        == Device(
          name: "pi-kitchen", user: "pi", host: "pi-kitchen.local", port: 22,
          tags: ["ground-floor", "kitchen"], identity: "~/.ssh/id_ed25519"))
    #expect(inventory["pi-hall"] == Device(name: "pi-hall", host: "192.0.2.17"))
  }

  @Test func devicesAreOrderedAsPeopleCount() throws {
    try withInventory(["pi-10": "host: a", "pi-9": "host: b", "pi-1": "host: c"]) { folder in
      let inventory = try Inventory(directory: folder.path)
      #expect(inventory.devices.map(\.name) == ["pi-1", "pi-9", "pi-10"])
    }
  }

  @Test func noFolderIsAnEmptyInventory() throws {
    #expect(try Inventory(directory: "/no/such/folder").devices.isEmpty)
  }

  @Test(arguments: [
    ("host: a\nprot: 22\n", "2:1", "did you mean 'port'?"),
    ("host: a\nport: ssh\n", "2:7", "'port' is no number"),
    ("host: a\nport: 70000\n", "2:7", "ports are 1 to 65535"),
    ("host: a\nport: 2_2\n", "2:7", "'port' is no number"),
    ("user: pi\n", "1:1", "has no 'host'"),
    ("host:\n", "1:6", "'host' has no text"),
    ("host: [a]\n", "1:7", "'host' has no text"),
    ("host: 'two words'\n", "1:7", "holds a blank"),
    ("host: -oProxyCommand=x\n", "1:7", "begins with a dash"),
    ("host: a\nuser: 'pi; rm'\n", "2:7", "holds a blank"),
    ("host: a\ntags: kitchen\n", "2:7", "is no list"),
    ("host: a\ntags: [kitchen, 'a b']\n", "2:17", "holds more than letters"),
    ("host: a\ntags: [kitchen, kitchen]\n", "2:17", "stands there twice"),
    ("host: a\ntags:\n  - ok\n  - all\n", "4:5", "is what selectors call every device"),
    ("host: a\nhost: b\n", "2:1", "has a key twice: host"),
    ("- host\n", "1:1", "is no mapping"),
    ("host: [a\n", "2:1", "is no YAML"),
    ("host: a\n\tuser: pi\n", "2:1", "is no YAML"),
  ]) func aMistakeIsToldWithItsPlace(text: String, place: String, reason: String) throws {
    try withInventory(["pi": text]) { folder in
      do {
        _ = try Inventory(directory: folder.path)
        Issue.record("\(text.debugDescription) was accepted")
      } catch let error as InventoryError {
        let prefix = "\(folder.path)/devices/pi.yaml:\(place): "
        #expect(error.description.hasPrefix(prefix), "\(error)")
        #expect(error.description.contains(reason), "\(error)")
      }
    }
  }

  @Test func everyProblemOfEveryFileIsTold() throws {
    try withInventory(["a": "hots: x\nport: y\n", "b": "", "all": "host: c", "d.yml": "host: d"]) {
      folder in
      let error = #expect(throws: InventoryError.self) {
        try Inventory(directory: folder.path)
      }
      let files = error?.problems.map { ($0.file as NSString).lastPathComponent }
      #expect(files == ["a.yaml", "a.yaml", "a.yaml", "all.yaml", "b.yaml", "d.yml"])
    }
  }

  @Test func identitiesAreFoundFromTheWorkspace() throws {
    let text = "host: a\nidentity: keys/fleet\n"
    try withInventory(["pi": text, "absolute": "host: a\nidentity: /etc/key\n"]) { folder in
      let inventory = try Inventory(directory: folder.path)
      let workspace = folder.deletingLastPathComponent().path
      #expect(
        inventory.identityPath(of: try #require(inventory["pi"])) == "\(workspace)/keys/fleet")
      #expect(inventory.identityPath(of: try #require(inventory["absolute"])) == "/etc/key")
      #expect(inventory.identityPath(of: Device(name: "x", host: "a")) == nil)
    }
  }
}
