import AgentProtocol
import Encoding
import Foundation
import Testing

@testable import DeviceAgent

@Suite struct PythonClientTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(
      path: "Agents/clients/python"
    )
    .path

  private func python(
    _ arguments: [String], socket: String
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-B"] + arguments
    process.currentDirectoryURL = URL(filePath: Self.folder)
    process.environment = ProcessInfo.processInfo.environment.merging(["SOCKET": socket]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  @Test func predictsGivesFeedbackAndTellsErrorsApart() throws {
    let agent = try RunningAgent()
    let script = """
      import os, array
      from bramble_client import *
      client = Client(os.environ["SOCKET"])
      try:
          client.predict([0, 0, 0, 0])
          assert False
      except NoActiveVariant:
          pass
      assert client.status().phase == "empty"
      print("first")
      """
    let first = try python(["-c", script], socket: agent.root.inferenceSocket)
    #expect(first == (0, "first\n"))
    let variant = try TestVariant()
    try agent.commit(variant, epoch: 1)
    let second = """
      import os, array
      from bramble_client import *
      with Client(os.environ["SOCKET"]) as client:
          answer = client.predict(array.array("f", [0, 0, 4, 0]))
          assert answer.label == 2 and answer.output == [0, 0, 4, 0], answer
          assert client.predict([[1, 0], [0, 0]]).label == 0
          client.feedback(answer, 3)
          client.feedback(answer.id, 2)
          assert client.status().active == "\(variant.digest.hex)"
          for bad in ([1, 2], [float("nan")] * 4):
              try:
                  client.predict(bad)
                  assert False
              except WrongInput:
                  pass
          try:
              Client("/nowhere/infer.sock").status()
              assert False
          except ConnectionFailed:
              pass
      print("second")
      """
    let ran = try python(["-c", second], socket: agent.root.inferenceSocket)
    #expect(ran == (0, "second\n"))
    let labels = try agent.journal().compactMap { record -> UInt64? in
      if case .feedback(_, variant.digest, 2, let label) = record.event { label } else { nil }
    }
    #expect(labels == [3, 2])
  }

  @Test func anAgentThatSaysNothingTimesOut() throws {
    let script = """
      import os, socket, tempfile
      from bramble_client import *
      path = os.path.join(tempfile.mkdtemp(), "infer.sock")
      server = socket.socket(socket.AF_UNIX)
      server.bind(path)
      server.listen()
      try:
          Client(path, timeout=0.2).status()
      except TimedOut:
          print("late")
      """
    #expect(try python(["-c", script], socket: "") == (0, "late\n"))
  }

  @Test func recordedWindowsAreReplayed() throws {
    let agent = try RunningAgent()
    try agent.commit(try TestVariant(), epoch: 1)
    let rows = (0..<20).map { index in
      (TestVariant.window(index % 4).map { "\($0)" } + ["\(index == 7 ? 0 : index % 4)"])
        .joined(separator: ",")
    }
    try rows.joined(separator: "\n").write(
      toFile: agent.folder["data.csv"], atomically: true, encoding: .utf8)
    let ran = try python(
      [
        "replay.py", agent.folder["data.csv"], "--socket", agent.root.inferenceSocket,
        "--labelled", "--window", "4", "--speed", "0", "--feedback", "2",
      ], socket: "")
    #expect(ran == (0, "20 windows answered, 0 not, 95.0 % right\n"))
    let count = try agent.journal().count { record in
      if case .feedback(_, .some, .some, _) = record.event { true } else { false }
    }
    #expect(count == 10)
  }
}
