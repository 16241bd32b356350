import AgentProtocol
import Encoding
import SeededRandom
import Testing

@Suite struct MessageTests {
  @Test(arguments: Samples.requests) func requestRoundTrip(_ request: Request) throws {
    #expect(try Request(decoding: request.encoded()) == request)
  }

  @Test(arguments: Samples.responses) func responseRoundTrip(_ response: Response) throws {
    #expect(try Response(decoding: response.encoded()) == response)
  }

  @Test(arguments: Samples.records) func recordRoundTrip(_ record: TelemetryRecord) throws {
    #expect(try TelemetryRecord(decoding: record.encoded()) == record)
  }

  @Test func everyKindIsSampledAndNumberedOnce() {
    #expect(Set(Samples.requests.map(\.kind)) == Set(0...14))
    #expect(Set(Samples.responses.map(\.kind)) == Set(0...9))
    let kinds = Samples.records.compactMap { record -> UInt64? in
      guard case .array(let parts) = record.cbor, case .unsigned(let kind) = parts[4] else {
        return nil
      }
      return kind
    }
    #expect(Set(kinds) == Set(0...9))
  }

  /// The bytes of old journals and old agents must stay readable: these must not change.
  @Test func theWireFormatIsFixed() {
    #expect(Request.status.encoded() == [0x82, 0x01, 0xa0])
    #expect(
      Request.keepAlive(epoch: Epoch(4)).encoded()
        == [0x82, 0x09, 0xa1, 0x65] + Array("epoch".utf8) + [0x04])
    let record = TelemetryRecord(
      position: JournalPosition(boot: 1, sequence: 2), uptime: 3, wallClock: 4,
      event: .gap(count: 5))
    #expect(record.encoded() == [0x86, 1, 2, 3, 4, 9, 0x81, 5])
  }

  @Test func unknownKindsAreNamed() {
    let message = CBOR.array([.unsigned(99), .map([])]).encoded()
    let expected = CBORError(.unknownCase(99), offset: 1, path: "[0]")
    #expect(throws: expected) { try Request(decoding: message) }
    #expect(throws: expected) { try Response(decoding: message) }
    let record = CBOR.array((0..<5).map { .unsigned($0 + 50) } + [.array([])]).encoded()
    #expect(throws: CBORError(.unknownCase(54), offset: 9, path: "[4]")) {
      try TelemetryRecord(decoding: record)
    }
  }

  @Test func fieldsAreChecked() {
    func refused(_ kind: UInt64, _ fields: [CBORField], _ path: String) {
      let bytes = CBOR.array([.unsigned(kind), .map(fields)]).encoded()
      let error = #expect(throws: CBORError.self) { try Request(decoding: bytes) }
      #expect(error?.path == path)
    }
    refused(9, [], "[1]")
    refused(9, [CBORField("epoch", .unsigned(1)), CBORField("more", .null)], "[1]")
    refused(9, [CBORField("epoch", CBOR(-1))], "[1].epoch")
    refused(2, [CBORField("objects", .array([.bytes([1])]))], "[1].objects[0]")
    let object = CBORField("object", CBOR(Samples.digest))
    refused(
      3,
      [
        object, CBORField("total", .unsigned(4)), CBORField("offset", .unsigned(5)),
        CBORField("bytes", .bytes([])),
      ], "[1].offset")
    refused(
      3,
      [
        object, CBORField("total", .unsigned(4)), CBORField("offset", .unsigned(2)),
        CBORField("bytes", .bytes([1, 2, 3])),
      ], "[1].bytes")
    refused(
      12, [CBORField("input", .bytes([UInt8](repeating: 0, count: ProtocolLimits.payload + 1)))],
      "[1].input")
  }

  /// A frame of a megabyte of small values must not become many megabytes on a device.
  @Test func aRequestClaimsLittleMemory() {
    let many = CBOR.array((0..<100_000).map { _ in .null })
    let bytes = CBOR.array([.unsigned(2), .map([CBORField("objects", many)])]).encoded()
    let error = #expect(throws: CBORError.self) { try Request(decoding: bytes) }
    #expect(error?.reason == .tooManyItems)
  }

  @Test func telemetryOutOfOrderIsRefused() {
    let batch = TelemetryBatch(records: Samples.records.reversed(), hasMore: false)
    #expect(throws: CBORError.self) { try Response(decoding: Response.telemetry(batch).encoded()) }
  }

  @Test func longTextIsCutBetweenCharacters() throws {
    let long = String(repeating: "é", count: 1000)
    let decoded = try Response(decoding: Response.refused(Refusal(.busy, "x" + long)).encoded())
    #expect(decoded == .refused(Refusal(.busy, "x" + String(repeating: "é", count: 511))))
  }

  @Test func factsOfANewerAgentAreRead() throws {
    guard case .map(let fields) = Samples.facts.cbor else { return }
    let newer = CBOR.map(fields + [CBORField("gpu", .text("VideoCore"))])
    #expect(try Facts(CBORNode(root: newer)) == Samples.facts)
    var copied = Samples.facts
    copied.installation = "0123456789ABCDEF0123456789abcdef"
    let error = #expect(throws: CBORError.self) { try Facts(CBORNode(root: copied.cbor)) }
    #expect(error?.path == "installation")
  }
}

@Suite struct MessageFuzzTests {
  /// A damaged message is refused or is another well-formed one: it never crashes, and never reads as something
  /// that does not encode to the very bytes given.
  @Test func randomMutations() {
    var random = SeededRandom(seed: 42)
    let requests = Samples.requests.map { $0.encoded() }
    let responses = Samples.responses.map { $0.encoded() }
    for round in 0..<60_000 {
      var bytes =
        round.isMultiple(of: 2)
        ? requests.randomElement(using: &random)! : responses.randomElement(using: &random)!
      for _ in 0...random.next() % 3 { mutate(&bytes, &random) }
      if let request = try? Request(decoding: bytes), case .hello = request {
        continue  // reads past what it does not know
      } else if let request = try? Request(decoding: bytes) {
        #expect(request.encoded() == bytes)
      }
      if let response = try? Response(decoding: bytes) {
        switch response {
        case .hello, .status: break
        default: #expect(response.encoded() == bytes)
        }
      }
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
    let place = bytes.isEmpty ? 0 : Int(random.next() % UInt64(bytes.count))
    switch random.next() % 5 {
    case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(random.next() % 8)
    case 1 where !bytes.isEmpty: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 2: bytes.removeLast(bytes.count - place)
    case 3: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
    default: if !bytes.isEmpty { bytes.remove(at: place) }
    }
  }
}
