import AgentProtocol
import Foundation
import Lab
import SSH
import Testing
import TinyNetworks

/// A variant's layers, measured on devices that serve another.
@Suite struct ProfileTests {
  @Test func layersAreMeasuredOnEveryKindOfDevice() async throws {
    try await Farm.with([LabDevice("native"), LabDevice("old", userland: .armv7)]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny", recipes: ["float32", "dynamic-int8"])
      try await farm.expect(0, "rollout start tiny@float32 --to native --yes")
      let result = try await farm.expect(
        0, "profile tiny@dynamic-int8 --on all --runs 7 --trace trace.json -o json")
      let document = try #require(try result.json() as? [String: Any])
      let profiles = try #require(document["profiles"] as? [[String: Any]])
      #expect(profiles.map { $0["device"] as? String } == ["native", "old"])
      for profile in profiles {
        #expect(profile["runs"] as? Int == 7)
        let layers = try #require(profile["layers"] as? [[String: Any]])
        #expect(layers.map { $0["operator"] as? String } == ["dense", "dense", "softmax"])
        #expect(layers.allSatisfy { $0["median_ns"] as? Int ?? 0 > 0 })
      }
      #expect(profiles[1]["class"] as? String == "armv7-neon")
      let trace = try Data(contentsOf: farm.folder.appending(path: "trace.json"))
      let events = try #require(
        (try JSONSerialization.jsonObject(with: trace) as? [String: Any])?["traceEvents"] as? [Any])
      #expect(events.count == 2 * (2 + 3))
      // What serves has not changed.
      try await farm.ask(farm.lab["native"]) { agent in
        let active = try await agent.status().active
        #expect(active == (try farm.digest("tiny@float32")))
      }
      let table = try await farm.expect(0, "profile tiny@float32 --on native --runs 3")
      #expect(table.output.contains("tiny@float32 on native"))
    }
  }

  @Test func aDeviceThatIsAwayIsToldAndTheOthersAreShown() async throws {
    try await Farm.with([LabDevice("here"), LabDevice("away")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny")
      try farm.lab["away"].unplug()
      let result = try await farm.expect(4, "profile tiny@float32 --on all --runs 3 -o json")
      #expect(result.diagnostics.contains("away:"))
      let document = try #require(try result.json() as? [String: Any])
      let profiles = try #require(document["profiles"] as? [[String: Any]])
      #expect(profiles.map { $0["device"] as? String } == ["here"])
    }
  }
}
