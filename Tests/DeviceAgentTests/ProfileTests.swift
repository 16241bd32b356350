import AgentProtocol
import Encoding
import Foundation
import Inference
import ModelFormat
import Testing

@testable import DeviceAgent

/// Profiles are measured beside what serves.
@Suite struct ProfileTests {
  private func profile(
    _ variant: TestVariant, on agent: RunningAgent, runs: UInt64 = 10, milliseconds: UInt64 = 2000
  ) throws -> Response {
    try agent.ask(.profile(variant: variant.digest, runs: runs, milliseconds: milliseconds))
  }

  @Test func aVariantThatIsNotActiveIsMeasured() throws {
    let agent = try RunningAgent()
    let serving = try TestVariant(gain: 1)
    try agent.commit(serving, epoch: 1)
    let other = try TestVariant(gain: 2)
    #expect(refusal(try profile(other, on: agent)) == .unknownObject)
    _ = try agent.upload(other.manifest.encode())
    #expect(refusal(try profile(other, on: agent)) == .unknownObject)
    _ = try agent.upload(other.image)
    guard case .profile(let variant, let content) = try profile(other, on: agent) else {
      throw RunningAgent.Unexpected()
    }
    #expect(variant == other.digest)
    let measured = try InferenceProfile(CBORNode(root: try CBOR.decode(content)))
    #expect(measured.cbor.encoded() == content)
    #expect(measured.runs == 10)
    #expect(measured.layers.map(\.name) == ["dense"])
    #expect(measured.layers.map(\.macs) == [16])
    let status = try agent.status()
    #expect(status.active == serving.digest && status.phase == .committed)
    guard case .prediction(let prediction) = try agent.predict(2) else {
      throw RunningAgent.Unexpected()
    }
    #expect(prediction.variant == serving.digest)
  }

  @Test func aProfileWithoutItsLayersIsRefused() {
    let bytes = CBOR.map([CBORField("class", .text("generic"))]).encoded()
    let error = #expect(throws: CBORError.self) {
      try InferenceProfile(CBORNode(root: try CBOR.decode(bytes)))
    }
    #expect(error?.reason == .missingField("layers"))
  }

  @Test func runsAndTimeAreBounded() throws {
    let agent = try RunningAgent()
    let variant = try TestVariant()
    #expect(refusal(try profile(variant, on: agent, runs: 10_001)) == .malformed)
    #expect(refusal(try profile(variant, on: agent, milliseconds: 60_001)) == .malformed)
  }

  @Test func aDamagedImageIsNotRun() throws {
    let agent = try RunningAgent()
    let variant = try TestVariant()
    _ = try agent.upload(variant.manifest.encode())
    _ = try agent.upload(variant.image)
    let path = agent.root.objects + "/\(SHA256.digest(of: variant.image).hex).bramble"
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: URL(filePath: path))
    #expect(refusal(try profile(variant, on: agent)) == .damagedObject)
  }
}
