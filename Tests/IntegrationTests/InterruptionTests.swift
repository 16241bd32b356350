import Foundation
import Lab
import Store
import Testing
import TinyNetworks

/// Whatever is killed in a rollout, running the command again completes it.
@Suite struct InterruptionTests {
  /// Events of a rollout to two devices after which something is killed. A whole one has about thirty.
  private static let places = [1, 2, 3, 4, 6, 9, 12, 15, 18, 22]
  private static let recipes = ["float32", "float16"]

  @Test func theControllerIsKilledAtTenPlaces() async throws {
    try await Farm.with([LabDevice("pi-a"), LabDevice("pi-b")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny", recipes: Self.recipes)
      let store = try farm.store()
      var interrupted = 0
      for (round, place) in Self.places.enumerated() {
        let variant = "tiny@" + Self.recipes[round % 2]
        let earlier = try store.latestRollout()?.id
        let run = try farm.start(["rollout", "start", variant, "--yes", "--wave", "100%"])
        try await farm.wait("event \(place)") {
          try !run.isRunning || store.countEvents(after: earlier) >= place
        }
        run.signal(SIGKILL)
        if try await run.result().status == -SIGKILL { interrupted += 1 }
        try await farm.expect(0, ["rollout", "start", variant, "--yes", "--wave", "100%"])
        try await farm.expectEveryDevice(answersWith: variant)
        // Going on is not beginning anew.
        if let latest = try store.latestRollout() { #expect(latest.id == (earlier ?? 0) + 1) }
      }
      #expect(interrupted >= 8, "only \(interrupted) of \(Self.places.count) were killed in time")
    }
  }

  @Test func theAgentIsKilledAtTenPlaces() async throws {
    try await Farm.with([LabDevice("pi-a"), LabDevice("pi-b")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny", recipes: Self.recipes)
      let store = try farm.store()
      for (round, place) in Self.places.enumerated() {
        let variant = "tiny@" + Self.recipes[round % 2]
        let earlier = try store.latestRollout()?.id
        let arguments = ["rollout", "start", variant, "--yes", "--wave", "100%"]
        let run = try farm.start(arguments)
        try await farm.wait("event \(place)") {
          try !run.isRunning || store.countEvents(after: earlier) >= place
        }
        farm.crashAgent(on: try farm.lab["pi-a"])
        // The supervisor starts it again, and the rollout waits for that; else it is run again.
        if try await run.result().status != 0 { try await farm.expect(0, arguments) }
        try await farm.expectEveryDevice(answersWith: variant)
      }
    }
  }

  @Test func controlCLeavesTheRolloutToBeResumed() async throws {
    try await Farm.with([LabDevice("pi-a"), LabDevice("pi-b")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny", recipes: Self.recipes)
      let store = try farm.store()
      let run = try farm.start(["rollout", "start", "tiny@float32", "--yes"])
      try await farm.wait("the canary's trial") { try store.countEvents(after: nil) >= 3 }
      run.signal(SIGINT)
      let result = try await run.result()
      #expect(result.status == 130)
      #expect(result.diagnostics.contains("bramble rollout resume"))
      let watched = try await farm.expect(4, "rollout watch")
      #expect(watched.diagnostics.contains("nobody is driving it"))
      let other = try await farm.expect(1, "rollout start tiny@float16 --yes")
      #expect(other.diagnostics.contains("rollout 1 of tiny@float32 is unfinished"))
      try await farm.expect(0, "rollout resume")
      try await farm.expectEveryDevice(answersWith: "tiny@float32")
    }
  }

  @Test func aSecondControllerIsKeptOut() async throws {
    try await Farm.with([LabDevice("pi-a"), LabDevice("pi-b")]) { farm in
      try await farm.addModel(TinyNetwork(), named: "tiny")
      let store = try farm.store()
      let run = try farm.start(["rollout", "start", "tiny@float32", "--yes"])
      try await farm.wait("the first event") { try store.countEvents(after: nil) >= 1 }
      let second = try await farm.run(["rollout", "resume"])
      let first = try await run.result()
      #expect(first.status == 0, "\(first.diagnostics)")
      if second.status != 0 { #expect(second.diagnostics.contains("rollout")) }
      try await farm.expectEveryDevice(answersWith: "tiny@float32")
    }
  }
}
