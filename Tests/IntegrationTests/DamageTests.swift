import AgentProtocol
import Encoding
import Foundation
import Lab
import ModelFormat
import SSH
import Store
import Testing
import TinyNetworks

/// Files that are not what they should be: refused by name, and put right by doing it again.
@Suite struct DamageTests {
  @Test func aVariantIsDamaged() async throws {
    try await Farm.with([LabDevice("pi-a")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny", recipes: ["float32", "float16"])
      try await farm.expect(0, "rollout start tiny@float32 --yes")
      let record = try farm.store().variant(matching: "tiny@float16")
      let manifest = try Manifest(decoding: record.manifest)
      let status = try await farm.ask(try farm.lab["pi-a"]) { $0.facts.deviceClass }
      let image = try #require(manifest.image(for: status))
      for damaged in [manifest.package.digest, image.digest, record.digest] {
        try Self.flipAByte(of: damaged, in: farm)
        let result = try await farm.expect(6, "rollout start tiny@float16 --yes")
        #expect(result.diagnostics.contains("damaged"))
        #expect(result.diagnostics.contains(String(damaged.hex.prefix(12))))
        try await farm.expectEveryDevice(answersWith: "tiny@float32")
        try await farm.expect(0, "compress tiny --recipe float16 --evaluate windows.npz")
      }
      #expect(try farm.digest("tiny@float16") == record.digest, "made again, it is the same")
      try await farm.expect(0, "rollout start tiny@float16 --yes")
      try await farm.expectEveryDevice(answersWith: "tiny@float16")
    }
  }

  private static func flipAByte(of object: Digest, in farm: Farm) throws {
    let file = farm.folder.appending(path: ".bramble/objects/\(object.hex).bramble")
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count / 2] ^= 0x10
    try bytes.write(to: file)
  }

  @Test func yamlIsBad() async throws {
    try await Farm.with([LabDevice("pi-a")], installing: false) { farm in
      try await farm.register(try farm.lab["pi-a"])
      let file = farm.folder.appending(path: "Inventory/devices/pi-a.yaml")
      let good = try Data(contentsOf: file)
      try Data((String(decoding: good, as: UTF8.self) + "color: red\n").utf8).write(to: file)
      let lines = good.split(separator: UInt8(ascii: "\n")).count
      for command in ["device list", "device check", "agent status", "telemetry show"] {
        let result = try await farm.expect(1, command)
        #expect(result.diagnostics.contains("pi-a.yaml:\(lines + 1)"), "\(result.diagnostics)")
        #expect(result.diagnostics.contains("color"))
      }
      try good.write(to: file)
      try await farm.expect(0, "device check")
    }
  }

  @Test func aModelHasAnUnknownOperator() async throws {
    try await Farm.with([], installing: false) { farm in
      var network = TinyNetwork()
      network.customOperator = "WonderfulOp"
      let file = farm.folder.appending(path: "odd.tflite")
      try Data(network.tflite()).write(to: file)
      let result = try await farm.expect(1, "model add odd.tflite --name odd")
      #expect(result.diagnostics.contains("WonderfulOp"))
      #expect(result.diagnostics.contains("odd.tflite"))
      #expect(result.diagnostics.contains("node 2"))
      #expect(try await farm.expect(0, "model list -o json").json() as? [String] == [])
      try Data(network.tflite().prefix(700)).write(to: file)
      try await farm.expect(1, "model add odd.tflite --name odd")
      try await farm.addModel(TinyNetwork(), named: "odd")
    }
  }
}
