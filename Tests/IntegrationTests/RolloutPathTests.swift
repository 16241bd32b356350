import AgentProtocol
import Foundation
import Lab
import SSH
import Store
import Testing
import TinyNetworks

/// From a network's file to devices that run it, and back.
@Suite struct RolloutPathTests {
  @Test func aVariantIsPromotedAndASlowOneTakenBack() async throws {
    try await Farm.with([LabDevice("pi-a"), LabDevice("pi-b"), LabDevice("pi-c")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny", recipes: ["float32", "dynamic-int8"])
      let promoted = try await farm.expect(0, "rollout start tiny@dynamic-int8 --yes -o json")
      let document = try #require(try promoted.json() as? [String: Any])
      #expect(document["outcome"] as? String == "promoted")
      let devices = try #require(document["devices"] as? [[String: Any]])
      #expect(devices.count == 3)
      for device in devices {
        #expect(device["state"] as? String == "committed")
        #expect(try #require(device["predictions"] as? Int) >= 300)
        #expect(device["probedCorrect"] as? Int == device["probed"] as? Int)
      }
      try await farm.expectEveryDevice(answersWith: "tiny@dynamic-int8")

      // Two million multiplications in float take longer than a tenth of a millisecond anywhere.
      try await farm.addModel(TinyNetwork(hiddenLayers: 2, width: 1500), named: "huge")
      let back = try await farm.expect(
        3, "rollout start huge@float32 --yes --budget 100us -o json")
      let verdict = try #require(try back.json() as? [String: Any])
      #expect(verdict["outcome"] as? String == "rolledBack")
      #expect((verdict["verdict"] as? String)?.contains("broke the budget of 0.1 ms") == true)
      let states = try #require(verdict["devices"] as? [[String: Any]])
      #expect(states.map { $0["state"] as? String } == ["reverted", "pending", "pending"])
      try await farm.expectEveryDevice(answersWith: "tiny@dynamic-int8")
    }
  }

  @Test func aWrongVariantIsTakenBackForItsAccuracy() async throws {
    try await Farm.with([LabDevice("pi-a"), LabDevice("pi-b")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny")
      try await farm.expect(0, "rollout start tiny@float32 --yes --min-accuracy 0.9")
      try await farm.addModel(TinyNetwork(isWrong: true), named: "wrong")
      let result = try await farm.expect(3, "rollout start wrong@float32 --yes --min-accuracy 0.9")
      #expect(result.output.contains("floor"))
      try await farm.expectEveryDevice(answersWith: "tiny@float32")
      // Without a floor, what the previous variant could do on the same windows counts.
      let compared = try await farm.expect(3, "rollout start wrong@float32 --yes")
      #expect(compared.output.contains("previous variant"))
      try await farm.expectEveryDevice(answersWith: "tiny@float32")
    }
  }

  @Test func anOperatorCanTakeAPromotedVariantBack() async throws {
    try await Farm.with([LabDevice("pi-a"), LabDevice("pi-b")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny", recipes: ["float32", "float16"])
      try await farm.expect(0, "rollout start tiny@float32 --yes")
      let first = try await farm.expect(1, "rollout rollback")
      #expect(first.diagnostics.contains("ran no variant before"))
      try await farm.expect(0, "rollout start tiny@float16 --yes")
      try await farm.expectEveryDevice(answersWith: "tiny@float16")
      try await farm.expect(0, ["rollout", "rollback", "--reason", "a hunch"])
      try await farm.expectEveryDevice(answersWith: "tiny@float32")
      let list = try await farm.expect(0, "rollout list -o json")
      let rows = try #require(try list.json() as? [[String: Any]])
      #expect(rows.map { $0["outcome"] as? String } == ["rolledBack", "promoted"])
      #expect((rows[0]["verdict"] as? String)?.contains("a hunch") == true)
    }
  }

  @Test func telemetryIsStoredOnceAndFeedbackCounts() async throws {
    try await Farm.with([LabDevice("pi-a")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny")
      try await farm.expect(0, "rollout start tiny@float32 --yes")
      let input = [Float](repeating: 1, count: 4) + [Float](repeating: 0, count: 8)
      let bytes = input.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
      try await farm.ask(farm.lab["pi-a"]) { agent in
        for label in [0, 0, 1] as [UInt64] {
          let prediction = try await agent.predict(bytes)
          try await agent.perform(.feedback(prediction: prediction.id, label: label))
        }
      }
      func summary() async throws -> [String: Any] {
        let shown = try await farm.expect(0, "telemetry show -o json")
        return try #require((try shown.json() as? [[String: Any]])?.first)
      }
      try await farm.expect(0, "telemetry collect")
      let first = try await summary()
      try await farm.expect(0, "telemetry collect")
      let second = try await summary()
      #expect(first["predictions"] as? Int == second["predictions"] as? Int)
      #expect(try #require(first["predictions"] as? Int) >= 303)
      #expect(first["judged"] as? Int == 3)
      #expect(try abs(#require(first["liveAccuracy"] as? Double) - 2.0 / 3) < 1e-9)
      #expect(first["probeAccuracy"] as? Double == 1)
    }
  }
}
