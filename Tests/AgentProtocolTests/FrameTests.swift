import AgentProtocol
import Encoding
import Testing

@Suite struct FrameTests {
  let frames = Samples.requests.enumerated().map {
    Frame(id: UInt64($0.offset) &* 1_000_003, payload: $0.element)
  }

  @Test func lengthThenContent() throws {
    #expect(try Frame(id: 5, payload: Request.status).encoded() == [0, 0, 0, 4, 0x83, 5, 1, 0xa0])
  }

  /// A stream cut at every byte into two pieces gives the same frames, and none before its last byte.
  @Test func cutAtEveryByte() throws {
    let stream = try frames.flatMap { try $0.encoded() }
    for cut in 0...stream.count {
      var decoder = FrameDecoder()
      var decoded: [Frame<Request>] = []
      for piece in [stream[..<cut], stream[cut...]] {
        decoder.append(Array(piece))
        while let content = try decoder.next() { decoded.append(try Frame(decoding: content)) }
      }
      #expect(decoded == frames)
      #expect(decoder.pendingByteCount == 0)
    }
  }

  @Test func byteByByte() throws {
    var decoder = FrameDecoder()
    var decoded: [Frame<Request>] = []
    var ends: [Int] = []
    let encoded = try frames.map { try $0.encoded() }
    for (index, byte) in encoded.joined().enumerated() {
      decoder.append([byte])
      if let content = try decoder.next() {
        decoded.append(try Frame(decoding: content))
        ends.append(index + 1)
      }
    }
    #expect(decoded == frames)
    #expect(ends == encoded.reduce(into: []) { $0.append(($0.last ?? 0) + $1.count) })
  }

  @Test func impossibleLengthsEndTheStream() throws {
    for (bytes, error) in [
      ([0xff, 0xff, 0xff, 0xff] as [UInt8], FrameError.tooLong(0xffff_ffff)),
      ([0x80, 0, 0, 0], .tooLong(0x8000_0000)), ([0, 0x10, 0x10, 1], .tooLong(0x10_1001)),
      ([0, 0, 0, 0], .empty),
    ] {
      var decoder = FrameDecoder()
      decoder.append(bytes)
      #expect(throws: error) { try decoder.next() }
      decoder.append([0, 0, 0, 4, 0x83, 5, 1, 0xa0])
      #expect(throws: error, "once out of step, always") { try decoder.next() }
    }
  }

  @Test func theLongestUploadFits() throws {
    let request = Request.upload(
      object: Samples.digest, totalBytes: .max, offset: 1 << 40,
      bytes: [UInt8](repeating: 7, count: ProtocolLimits.payload))
    var decoder = FrameDecoder()
    decoder.append(try Frame(id: .max, payload: request).encoded())
    let content = try #require(try decoder.next())
    #expect(try Frame(decoding: content) == Frame(id: .max, payload: request))
  }

  @Test func tooMuchIsNotSent() {
    let request = Request.predict(
      input: [UInt8](repeating: 0, count: ProtocolLimits.frame))
    #expect(throws: FrameError.self) { try Frame(id: 0, payload: request).encoded() }
  }

  @Test func aBadBodyStillNamesTheFrame() {
    let bad = CBOR.array([.unsigned(77), .unsigned(9), .map([])]).encoded()
    let error = #expect(throws: MessageError.self) { try Frame<Request>(decoding: bad) }
    #expect(error?.id == 77)
    #expect(error?.error.reason == .missingField("epoch"))
    let worse = #expect(throws: MessageError.self) { try Frame<Request>(decoding: [0x83, 0x20]) }
    #expect(worse?.id == nil)
  }
}
