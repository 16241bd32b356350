import AgentProtocol
import Encoding
import Foundation
import Testing

@testable import DeviceAgent

@Suite struct RelayTests {
  private func frames(_ data: Data) throws -> [Frame<Response>] {
    var decoder = FrameDecoder()
    decoder.append([UInt8](data))
    var frames: [Frame<Response>] = []
    while let content = try decoder.next() { frames.append(try Frame(decoding: content)) }
    return frames
  }

  @Test func manyRequestsInFlightAreAllAnswered() throws {
    let agent = try RunningAgent()
    var input: [UInt8] = []
    for id in 1...200 as ClosedRange<UInt64> {
      input += try Frame(id: id, payload: Request.status).encoded()
    }
    let (status, output) = try agent.run(["rpc"], input: input)
    #expect(status == 0)
    #expect(try frames(output).map { $0.id } == Array(1...200))
  }

  @Test func withoutADaemonTheFirstRequestIsToldSo() throws {
    let agent = try RunningAgent(start: false)
    let input = try Frame(id: 42, payload: Request.status).encoded()
    let (status, output) = try agent.run(["rpc"], input: input)
    #expect(status == 1)
    let frame = try #require(try frames(output).first)
    #expect(frame.id == 42)
    guard case .refused(let refusal) = frame.payload else { throw RunningAgent.Unexpected() }
    #expect(refusal.message.contains("start"))
    // It started nothing and wrote nothing.
    #expect(!FileManager.default.fileExists(atPath: agent.root.path))
  }
}
