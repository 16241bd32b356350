import Foundation
import Inventory
import Testing

@Suite struct WritingTests {
  @Test(arguments: [
    Device(name: "a", host: "pi.local"),
    Device(name: "a", user: "pi", host: "10.0.0.7", port: 2222, tags: ["b", "a"], identity: "~/k"),
    Device(name: "a", user: "null", host: "fe80::1%eth0", tags: ["yes", "12", "1.5"]),
    Device(name: "a", user: "0123", host: "true", identity: "it's: a #file [x]"),
  ]) func whatIsWrittenReadsBackTheSame(device: Device) throws {
    try withInventory([:]) { folder in
      var inventory = try Inventory(directory: folder.path)
      try inventory.add(device)
      #expect(inventory["a"] == device)
      #expect(try Inventory(directory: folder.path).devices == [device])
      // Nothing else is left behind.
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/devices")
      #expect(names == ["a.yaml"])
    }
  }

  @Test func nothingIsReplacedByAdding() throws {
    try withInventory([:]) { folder in
      var first = try Inventory(directory: folder.path)
      var second = try Inventory(directory: folder.path)
      try first.add(Device(name: "pi", host: "one"))
      let error = #expect(throws: InventoryError.self) {
        try second.add(Device(name: "pi", host: "two"))
      }
      #expect(error?.description.contains("is there already") == true)
      #expect(try text("pi", in: folder) == "host: one\n")
    }
  }

  @Test(arguments: [
    "", "all", "../x", "a b", "-x", "ä", ".hidden", String(repeating: "x", count: 64),
  ])
  func badNamesAreRefused(name: String) throws {
    try withInventory([:]) { folder in
      var inventory = try Inventory(directory: folder.path)
      #expect(throws: InventoryError.self) { try inventory.add(Device(name: name, host: "a")) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/devices") == [])
    }
  }

  @Test(arguments: [
    (
      "# mine\nhost: a # here\ntags: [old] # why\nuser: pi\n",
      "# mine\nhost: a # here\ntags: [new, two] # why\nuser: pi\n"
    ),
    (
      "host: a\ntags:\n  - old\n  - older\n\n# end\nuser: pi\n",
      "host: a\ntags: [new, two]\n\n# end\nuser: pi\n"
    ),
    ("host: a\ntags:\n- old\nuser: pi\n", "host: a\ntags: [new, two]\nuser: pi\n"),
    ("host: a\ntags: [old,\n  older]\n", "host: a\ntags: [new, two]\n"),
    ("# no tags\nhost: a\nuser: pi", "# no tags\nhost: a\nuser: pi\ntags: [new, two]\n"),
    // A way of writing that loses its comments but nothing else.
    ("{host: a, user: pi, tags: [old]}\n", "host: a\nuser: pi\ntags: [new, two]\n"),
  ]) func taggingLeavesTheRestOfTheFile(before: String, after: String) throws {
    try withInventory(["pi": before]) { folder in
      var inventory = try Inventory(directory: folder.path)
      try inventory.setTags(["two", "new", "two"], of: "pi")
      #expect(try text("pi", in: folder) == after)
      #expect(inventory["pi"]?.tags == ["new", "two"])
      #expect(try Inventory(directory: folder.path).devices == inventory.devices)
      try inventory.setTags([], of: "pi")
      #expect(try Inventory(directory: folder.path)["pi"]?.tags == [])
    }
  }

  @Test func removingAndMistypedNames() throws {
    try withInventory(["pi-01": "host: a", "pi-02": "host: b"]) { folder in
      var inventory = try Inventory(directory: folder.path)
      try inventory.remove("pi-01")
      #expect(inventory.devices.map(\.name) == ["pi-02"])
      #expect(try Inventory(directory: folder.path).devices.map(\.name) == ["pi-02"])
      let error = #expect(throws: InventoryError.self) { try inventory.remove("pi-20") }
      #expect(error?.description.contains("did you mean 'pi-02'?") == true)
      #expect(throws: InventoryError.self) { try inventory.setTags(["a b"], of: "pi-02") }
      #expect(try text("pi-02", in: folder) == "host: b")
    }
  }
}
