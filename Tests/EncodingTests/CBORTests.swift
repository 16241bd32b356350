import Encoding
import SeededRandom
import Testing

@Suite struct CBORVectorTests {
  /// RFC 8949, appendix A: those of the examples that lie within the subset.
  static let vectors: [(CBOR, String)] = [
    (.unsigned(0), "00"), (.unsigned(1), "01"), (.unsigned(10), "0a"), (.unsigned(23), "17"),
    (.unsigned(24), "1818"), (.unsigned(25), "1819"), (.unsigned(100), "1864"),
    (.unsigned(1000), "1903e8"), (.unsigned(1_000_000), "1a000f4240"),
    (.unsigned(1_000_000_000_000), "1b000000e8d4a51000"), (.unsigned(.max), "1bffffffffffffffff"),
    (.negative(.max), "3bffffffffffffffff"), (CBOR(-1), "20"), (CBOR(-10), "29"),
    (CBOR(-100), "3863"), (CBOR(-1000), "3903e7"),
    (.float(0.0), "f90000"), (.float(-0.0), "f98000"), (.float(1.0), "f93c00"),
    (.float(1.1), "fb3ff199999999999a"), (.float(1.5), "f93e00"), (.float(65504.0), "f97bff"),
    (.float(100000.0), "fa47c35000"), (.float(3.402_823_466_385_288_6e+38), "fa7f7fffff"),
    (.float(1.0e+300), "fb7e37e43c8800759c"), (.float(5.960_464_477_539_063e-8), "f90001"),
    (.float(0.000_061_035_156_25), "f90400"), (.float(-4.0), "f9c400"),
    (.float(-4.1), "fbc010666666666666"), (.float(.infinity), "f97c00"),
    (.float(-.infinity), "f9fc00"), (.bool(false), "f4"), (.bool(true), "f5"), (.null, "f6"),
    (.bytes([]), "40"), (.bytes([1, 2, 3, 4]), "4401020304"), (.text(""), "60"),
    (.text("a"), "6161"), (.text("IETF"), "6449455446"), (.text("\"\\"), "62225c"),
    (.text("\u{fc}"), "62c3bc"), (.text("\u{6c34}"), "63e6b0b4"),
    (.text("\u{10151}"), "64f0908591"), (.array([]), "80"),
    (.array([.unsigned(1), .unsigned(2), .unsigned(3)]), "83010203"),
    (
      .array([
        .unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)]),
      ]), "8301820203820405"
    ),
    (
      .array((1...25).map { CBOR.unsigned($0) }),
      "98190102030405060708090a0b0c0d0e0f101112131415161718181819"
    ),
    (.map([]), "a0"),
    (
      .map([
        CBORField("a", .unsigned(1)), CBORField("b", .array([.unsigned(2), .unsigned(3)])),
      ]), "a26161016162820203"
    ),
    (.array([.text("a"), .map([CBORField("b", .text("c"))])]), "826161a161626163"),
    (
      .map(["a", "b", "c", "d", "e"].map { CBORField($0, .text($0.uppercased())) }),
      "a56161614161626142616361436164614461656145"
    ),
  ]

  @Test(arguments: vectors) func roundTrip(value: CBOR, hex: String) throws {
    #expect(value.encoded() == bytes(hex))
    #expect(try CBOR.decode(bytes(hex)) == value)
  }

  @Test func notANumberHasOneForm() throws {
    #expect(CBOR.float(.nan).encoded() == bytes("f97e00"))
    #expect(CBOR.float(.signalingNaN).encoded() == bytes("f97e00"))
    guard case .float(let number) = try CBOR.decode(bytes("f97e00")) else {
      Issue.record("not a float")
      return
    }
    #expect(number.isNaN)
  }

  /// Every half-precision number decodes to itself, so all of its rounding and subnormal paths are right.
  @Test func everyHalfPrecisionNumber() throws {
    for bits in UInt16.min...UInt16.max {
      let encoded: [UInt8] = [0xf9, UInt8(bits >> 8), UInt8(truncatingIfNeeded: bits)]
      let isNaN = bits & 0x7c00 == 0x7c00 && bits & 0x3ff != 0
      if isNaN && bits != 0x7e00 {
        #expect(throws: CBORError(.notCanonical, offset: 0)) { try CBOR.decode(encoded) }
      } else {
        #expect(try CBOR.decode(encoded).encoded() == encoded)
      }
    }
  }

  @Test func mapsAreSortedByEncodedKey() throws {
    let map = CBOR.map([
      CBORField("bb", .unsigned(3)), CBORField("c", .unsigned(2)), CBORField("aa", .unsigned(1)),
    ])
    #expect(map.encoded() == bytes("a361630262616101626262" + "03"))
  }
}

@Suite struct CBORRefusalTests {
  @Test(
    arguments: [
      // Longer than the shortest form.
      ("1800", .notCanonical, 0), ("1817", .notCanonical, 0), ("190018", .notCanonical, 0),
      ("1a0000ffff", .notCanonical, 0), ("1b00000000ffffffff", .notCanonical, 0),
      ("3817", .notCanonical, 0), ("5800", .notCanonical, 0), ("7800", .notCanonical, 0),
      ("9800", .notCanonical, 0), ("b800", .notCanonical, 0), ("8201" + "1801", .notCanonical, 2),
      ("fa3f800000", .notCanonical, 0), ("fb3ff0000000000000", .notCanonical, 0),
      ("fb47efffffe0000000", .notCanonical, 0), ("fa7fc00000", .notCanonical, 0),
      ("fb7ff8000000000000", .notCanonical, 0), ("f97e01", .notCanonical, 0),
      // Keys out of order, twice, or not text.
      ("a2616201616102", .notCanonical, 4), ("a262616101616202", .notCanonical, 5),
      ("a2616101616102", .duplicateKey, 4), ("a10102", .keyIsNotText, 1),
      // Outside the subset.
      ("c11a514b67b0", .unsupported(0xc1), 0), ("5f42010243030405ff", .unsupported(0x5f), 0),
      ("9fff", .unsupported(0x9f), 0), ("bfff", .unsupported(0xbf), 0),
      ("f7", .unsupported(0xf7), 0),
      ("f0", .unsupported(0xf0), 0), ("f8ff", .unsupported(0xf8), 0), ("ff", .unsupported(0xff), 0),
      ("1c", .unsupported(0x1c), 0),
      // Text that is not UTF-8.
      ("61ff", .invalidUTF8, 0), ("62c328", .invalidUTF8, 0), ("62c080", .invalidUTF8, 0),
      ("63eda080", .invalidUTF8, 0), ("63e08080", .invalidUTF8, 0), ("64f4908080", .invalidUTF8, 0),
      ("64f0808080", .invalidUTF8, 0), ("62e6b0", .invalidUTF8, 0), ("6180", .invalidUTF8, 0),
      // Cut off, too long, too much.
      ("", .truncated, 0), ("18", .truncated, 1), ("19ff", .truncated, 1), ("fb00", .truncated, 1),
      ("8201", .truncated, 0), ("4201", .truncated, 0),
      ("5bffffffffffffffff", .truncated, 0), ("9bffffffffffffffff", .truncated, 0),
      ("bbffffffffffffffff", .truncated, 0), ("7b7fffffffffffffff", .truncated, 0),
      ("9a7fffffff00", .truncated, 0), ("0000", .trailingBytes(1), 1),
    ] as [(String, CBORError.Reason, Int)])
  func refuses(hex: String, reason: CBORError.Reason, offset: Int) {
    #expect(throws: CBORError(reason, offset: offset)) { try CBOR.decode(bytes(hex)) }
  }

  @Test func depthIsBounded() throws {
    let deepest = [UInt8](repeating: 0x81, count: 31) + [0x00]
    #expect(try CBOR.decode(deepest).encoded() == deepest)
    #expect(throws: CBORError(.tooDeep, offset: 32)) { try CBOR.decode([0x81] + deepest) }
    #expect(throws: CBORError(.tooDeep, offset: 32)) {
      try CBOR.decode([UInt8](repeating: 0x81, count: 100_000))
    }
  }

  @Test func itemsAreBounded() throws {
    let ten = CBOR.array((0..<9).map { CBOR.unsigned($0) }).encoded()
    #expect(try CBOR.decode(ten, maximumItems: 10).encoded() == ten)
    #expect(throws: CBORError(.tooManyItems, offset: 9)) {
      try CBOR.decode(ten, maximumItems: 9)
    }
  }

  /// Whatever is decoded encodes to the very bytes it came from: no second form of any value gets by.
  @Test func randomBytesAreRefusedOrCanonical() {
    var random = SeededRandom(seed: 8949)
    for _ in 0..<200_000 {
      let count = Int(random.next() % 12)
      let input = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      guard let value = try? CBOR.decode(input) else { continue }
      #expect(value.encoded() == input)
    }
  }
}
