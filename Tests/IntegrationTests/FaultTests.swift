import Foundation
import Lab
import Store
import Testing
import TinyNetworks

/// What goes wrong with devices and their cables: a clear message, nothing lost, and again completes.
@Suite struct FaultTests {
  @Test func aDeviceIsUnpluggedInMidUpload() async throws {
    try await Farm.with([LabDevice("pi-a"), LabDevice("pi-b")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny")
      try await farm.expect(0, "rollout start tiny@float32 --yes")
      // 27 MB of weights: long enough under way to be caught in the middle.
      try await farm.addModel(TinyNetwork(hiddenLayers: 2, width: 2600), named: "huge")
      let victim = try farm.lab["pi-a"]
      let run = try farm.start(
        ["rollout", "start", "huge@float32", "--yes", "--stage-time", "4s", "--wave", "100%"])
      try await farm.wait("a part of the upload") {
        try !run.isRunning || Self.largestPart(on: victim) > 2_000_000
      }
      try victim.unplug()
      let result = try await run.result()
      #expect(result.status == 4, "\(result.diagnostics)\n\(result.output)")
      #expect(result.output.contains("pi-a"))
      #expect(try Self.largestPart(on: victim) > 2_000_000, "what had arrived is kept")
      try victim.replug()
      try await farm.expect(0, "rollout start huge@float32 --yes --wave 100%")
      try await farm.expectEveryDevice(answersWith: "huge@float32")
    }
  }

  /// Bytes of the largest unfinished object there.
  private static func largestPart(on device: Device) throws -> Int {
    let objects = device.root.appending(path: device.home).appending(path: ".bramble/objects")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: objects.path())) ?? []
    return names.filter { !$0.hasSuffix(".bramble") }.map { name in
      let path = objects.appending(path: name).path()
      return (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }.max() ?? 0
  }

  @Test(.enabled(if: Lab.hasRootRights, "a disk of its own takes root rights"))
  func aDiskIsFull() async throws {
    try await Farm.with([LabDevice("pi-a", disk: 64 << 20)]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny")
      try await farm.expect(0, "rollout start tiny@float32 --yes")
      try await farm.addModel(TinyNetwork(hiddenLayers: 2, width: 1500), named: "larger")
      let device = try farm.lab["pi-a"]
      try device.fillDisk(leaving: 4 << 20)
      let result = try await farm.expect(4, "rollout start larger@float32 --yes")
      #expect(result.output.contains("diskFull"))
      try await farm.expectEveryDevice(answersWith: "tiny@float32")
      try device.freeDisk()
      try await farm.expect(0, "rollout start larger@float32 --yes")
      try await farm.expectEveryDevice(answersWith: "larger@float32")
    }
  }

  @Test func aHostKeyHasChanged() async throws {
    try await Farm.with([LabDevice("pi-a"), LabDevice("pi-b")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny")
      let device = try farm.lab["pi-a"]
      try device.changeHostKey()
      let check = try await farm.expect(6, "device check")
      #expect(check.diagnostics.contains("THE HOST KEY HAS CHANGED"))
      let start = try await farm.expect(6, "rollout start tiny@float32 --yes")
      #expect(start.diagnostics.contains("nothing was changed"))
      #expect(try farm.store().latestRollout() == nil)
      // Set up anew, in earnest: forget it and register it with its new key.
      try await farm.expect(0, "device remove pi-a")
      try await farm.register(device)
      try await farm.expect(0, "rollout start tiny@float32 --yes")
      try await farm.expectEveryDevice(answersWith: "tiny@float32")
    }
  }

  @Test func anUnknownOrWrongHostKeyIsRefused() async throws {
    try await Farm.with([LabDevice("pi-a")], installing: false) { farm in
      let device = try farm.lab["pi-a"]
      let add = [
        "device", "add", "pi-a", "\(device.user)@\(device.host):\(device.port)", "--identity",
        device.identity.path(percentEncoded: false),
      ]
      let unknown = try await farm.expect(6, add)
      #expect(unknown.diagnostics.contains(try device.hostKeyFingerprint))
      let wrong = "SHA256:" + String(repeating: "A", count: 43)
      try await farm.expect(6, add + ["--host-key", wrong])
      try await farm.expect(0, "device list")
      #expect(try await farm.expect(0, "device list -o json").json() as? [String] == [])
      try await farm.expect(0, add + ["--accept-new-host-key"])
      try await farm.expect(0, "device check")
      try await farm.expect(0, "agent install")
    }
  }

  @Test func anUnreachableDeviceIsToldAndCaughtUpLater() async throws {
    try await Farm.with([LabDevice("pi-a"), LabDevice("pi-b")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny")
      let away = try farm.lab["pi-b"]
      try away.unplug()
      let check = try await farm.expect(4, "device check")
      #expect(check.diagnostics.contains("pi-b"))
      let result = try await farm.expect(4, "rollout start tiny@float32 --yes --stage-time 2s")
      #expect(result.output.contains("partial"))
      try away.replug()
      try await farm.expect(0, "rollout resume")
      try await farm.expectEveryDevice(answersWith: "tiny@float32")
    }
  }
}
