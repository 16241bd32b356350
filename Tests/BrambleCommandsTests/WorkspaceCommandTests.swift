import AgentProtocol
import Foundation
import Testing
import TinyNetworks

@testable import BrambleCommands

/// Commands that need no device, from end to end in this process.
@Suite struct WorkspaceCommandTests {
  @Test func emptyListsAreEmptyJSON() async throws {
    try await Farmyard.with { yard in
      for list in [["device", "list"], ["model", "list"], ["rollout", "list"]] {
        let empty = try #require(try await yard.json(list) as? [Any])
        #expect(empty.isEmpty)
        let table = await yard.run(list)
        #expect(table.output.isEmpty)
        #expect(table.diagnostics.contains("bramble "), "what to do next is said")
      }
    }
  }

  @Test func initTwiceChangesNothing() async throws {
    try await Farmyard.with { yard in
      try await yard.addTiny()
      #expect(await Transcript.of(["init", yard.path]).status == .success)
      let models = try #require(try await yard.json(["model", "list"]) as? [[String: Any]])
      #expect(models.map { $0["name"] as? String } == ["tiny"])
    }
  }

  @Test func aModelIsShownNodeByNode() async throws {
    try await Farmyard.with { yard in
      try await yard.addTiny()
      let model = try #require(try await yard.json(["model", "show", "tiny"]) as? [String: Any])
      #expect(model["parameters"] as? Int == 12 * 16 + 16 * 3)
      #expect(model["macs"] as? Int == 12 * 16 + 16 * 3)
      #expect(model["decision"] as? String == "argmax(output)")
      let nodes = try #require(model["nodes"] as? [[String: Any]])
      #expect(nodes.map { $0["operator"] as? String } == ["dense", "dense", "softmax"])
      #expect(nodes[0]["shape"] as? [Int] == [1, 16])
      #expect(
        Set(nodes[0].keys) == [
          "index", "operator", "output", "shape", "type", "scale", "zero_point", "weights",
          "parameters", "bytes", "macs",
        ])
      #expect(nodes.map { $0["weights"] as? String } == ["float32", "float32", nil])
      let inputs = try #require(model["inputs"] as? [[String: Any]])
      #expect(inputs.map { $0["name"] as? String } == ["input"])
      #expect(inputs[0]["shape"] as? [Int] == [1, 12] && inputs[0]["type"] as? String == "float32")
      #expect(inputs[0]["scale"] is NSNull && inputs[0]["zero_point"] is NSNull)
    }
  }

  @Test func variantsAreMeasuredAndTheSameEveryTime() async throws {
    try await Farmyard.with { yard in
      try await yard.addTiny()
      let compress = [
        "compress", "tiny", "--recipe", "float16", "--recipe", "dynamic-int8", "--evaluate",
        yard.file("windows.npz"),
      ]
      let first = try #require(try await yard.json(compress) as? [[String: Any]])
      #expect(
        first.map { $0["name"] as? String } == ["tiny", "tiny@float16", "tiny@dynamic-int8"])
      for row in first { #expect(row["accuracy"] as? Double == 1) }
      #expect(first[1]["agreement"] as? Double == 1)
      #expect(first[0]["digest"] is NSNull)
      let second = try #require(try await yard.json(compress) as? [[String: Any]])
      #expect(
        first.map { $0["digest"] as? String } == second.map { $0["digest"] as? String })
      let variants = try #require(
        (try await yard.json(["model", "show", "tiny"]) as? [String: Any])?["variants"]
          as? [[String: Any]])
      #expect(variants.count == 2)
      let shown = try #require(
        try await yard.json(["model", "show", "tiny@float16"]) as? [String: Any])
      let nodes = try #require(shown["nodes"] as? [[String: Any]])
      #expect(nodes[0]["weights"] as? String == "float16")
      #expect(nodes[0]["bytes"] as? Int == 2 * 12 * 16)
      #expect((shown["variants"] as? [Any])?.count == 1)

      let digest = try #require(first[2]["digest"] as? String)
      for name in ["tiny@dynamic-int8", String(digest.prefix(10))] {
        let result = try #require(
          try await yard.json(
            ["predict", name, "--input", yard.file("windows.npz"), "--limit", "6"])
            as? [String: Any])
        #expect(result["digest"] as? String == digest)
        #expect(result["accuracy"] as? Double == 1)
        let rows = try #require(result["predictions"] as? [[String: Any]])
        #expect(rows.map { $0["label"] as? Int } == [0, 1, 2, 0, 1, 2])
        #expect(rows[1]["name"] as? String == "stairs")
      }
    }
  }

  static let mistakes: [([String], String, BrambleCommands.ExitStatus)] = [
    (["model", "show", "other"], "there is tiny", .failure),
    (["model", "show", "tiny@int4"], "tiny@int4", .failure),
    (["model", "add", "FILE", "--name", "a b"], "'a b'", .usage),
    (["model", "add", "FILE", "--name", "b", "--labels", "x,y"], "3", .failure),
    (["model", "add", "FILE", "--name", "b", "--decision", "argmin(output)"], "argmin", .usage),
    (["model", "add", "absent.tflite", "--name", "b"], "absent.tflite", .failure),
    (["compress", "tiny", "--recipe", "magic", "--evaluate", "DATA"], "magic", .usage),
    (["compress", "tiny", "--recipe", "float16", "--evaluate", "absent.npz"], "absent", .failure),
    (["predict", "tiny@float16", "--input", "DATA"], "tiny@float16", .failure),
    (["device", "show", "pi-01"], "pi-01", .usage),
    (["device", "check"], "no device is registered", .failure),
    (["agent", "install"], "no device is registered", .failure),
    (["rollout", "status"], "no rollout", .failure),
    (["rollout", "status", "7"], "no rollout 7", .failure),
    (["telemetry", "show"], "no device is registered", .failure),
  ]

  @Test(arguments: mistakes) func mistakesAreTold(
    line: [String], naming: String, status: BrambleCommands.ExitStatus
  ) async throws {
    try await Farmyard.with { yard in
      try await yard.addTiny()
      let places = ["FILE": yard.file("tiny.tflite"), "DATA": yard.file("windows.npz")]
      let transcript = await yard.run(line.map { places[$0] ?? $0 })
      #expect(transcript.status == status)
      #expect(transcript.diagnostics.contains(naming), "\(transcript.diagnostics)")
      #expect(transcript.output.isEmpty)
    }
  }

  @Test func anotherModelOfTheNameIsNotReplacedUnasked() async throws {
    try await Farmyard.with { yard in
      try await yard.addTiny()
      try yard.write(TinyNetwork(width: 20).tflite(), to: "other.tflite")
      let add = ["model", "add", yard.file("other.tflite"), "--name", "tiny"]
      let refused = await yard.run(add)
      #expect(refused.status == .failure)
      #expect(refused.diagnostics.contains("--replace"))
      #expect(await yard.run(add + ["--replace"]).status == .success)
    }
  }

  @Test func factsOfAShellAreRead() {
    let facts = FactProbe.parse(
      "machine=armv7l\nkernel=6.1\ncores=4\nmemory=948304\nsystem=Raspbian 12\n"
        + "board=Raspberry Pi 3 Model B = Rev 1.2\nserial=\nnoise\n")
    #expect(facts.architecture == "armv7l")
    #expect(facts.coreCount == 4)
    #expect(facts.memory == 948_304 * 1024)
    #expect(facts.board == "Raspberry Pi 3 Model B = Rev 1.2")
    #expect(facts.installation.isEmpty)
  }
}
