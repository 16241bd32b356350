import Encoding
import Testing

@Suite struct CBORNodeTests {
  /// {"name": "x", "tensors": [{"size": 7}, {"shape": [1, -2], "f": 1.5}]}
  let document = CBOR.map([
    CBORField("name", .text("x")),
    CBORField(
      "tensors",
      .array([
        .map([CBORField("size", .unsigned(7))]),
        .map([
          CBORField("f", .float(1.5)),
          CBORField("shape", .array([.unsigned(1), CBOR(-2)])),
        ]),
      ])),
  ])

  func root() throws -> CBORNode { CBORNode(root: try CBOR.decode(document.encoded())) }

  @Test func readsFieldsAndElements() throws {
    let tensors = try root().field("tensors").elements(count: 2)
    #expect(try root().field("name").text() == "x")
    #expect(try tensors[0].field("size").int() == 7)
    #expect(try tensors[1].field("f").float() == 1.5)
    #expect(try tensors[1].field("shape").elements().map { try $0.integer(in: -5...5) } == [1, -2])
    #expect(try tensors[0].optionalField("none") == nil)
  }

  /// The offset is worked out without the bytes: hold it against the bytes themselves.
  @Test func errorsNamePathAndOffset() throws {
    let encoded = document.encoded()
    let element = try root().field("tensors").elements()[1].field("shape").elements()[1]
    #expect(encoded[element.offset] == 0x21)
    #expect(element.path == "tensors[1].shape[1]")
    #expect(
      throws: CBORError(
        .outOfRange(allowed: "0...10"), offset: element.offset, path: "tensors[1].shape[1]")
    ) { try element.int(in: 0...10) }
    let float = try root().field("tensors").elements()[1].field("f")
    #expect(Array(encoded[float.offset..<float.offset + 3]) == [0xf9, 0x3e, 0x00])
    #expect(
      try #require(throws: CBORError.self) { try float.text() }.description
        == "expected text in tensors[1].f, at byte \(float.offset)")
    #expect(throws: CBORError(.missingField("y"), offset: 0)) { try root().field("y") }
    #expect(throws: CBORError(.unknownField("tensors"), offset: 0)) {
      try root().allowOnly(["name"])
    }
  }

  @Test func wholeNumbersKeepTheirRange() throws {
    func node(_ value: CBOR) -> CBORNode { CBORNode(root: value) }
    #expect(try node(.unsigned(.max)).unsigned() == .max)
    #expect(throws: CBORError.self) { try node(.unsigned(.max)).int() }
    #expect(throws: CBORError.self) { try node(.unsigned(1 << 31)).int() }
    #expect(throws: CBORError.self) { try node(.unsigned(1 << 63)).integer(in: .min ... .max) }
    #expect(throws: CBORError.self) { try node(.negative(1 << 63)).integer(in: .min ... .max) }
    #expect(try node(.negative(UInt64(Int64.max))).integer(in: .min ... .max) == .min)
    #expect(throws: CBORError.self) { try node(.float(1)).unsigned() }
    #expect(throws: CBORError(.unknownCase(257), offset: 0)) {
      let _: Numbered = try node(.unsigned(257)).enumeration()
    }
    let known: Numbered = try node(.unsigned(1)).enumeration()
    #expect(known == .one)
  }

  enum Numbered: UInt8 { case one = 1 }
}
