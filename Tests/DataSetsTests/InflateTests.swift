import SeededRandom
import Testing

@testable import DataSets

@Suite struct InflateTests {
  @Test func everyKindOfBlock() throws {
    #expect(try Inflate.bytes(Recorded.dynamicBlock[...], size: 6000) == Recorded.data)
    let text = Array("abcabcabcabcabc the same again, the same again".utf8)
    #expect(try Inflate.bytes(Recorded.fixedBlock[...], size: text.count) == text)
    #expect(try Inflate.bytes(Recorded.storedBlock[...], size: 12) == Array("stored bytes".utf8))
    #expect(try Inflate.bytes([0x03, 0x00], size: 0) == [])
  }

  @Test func declaredSizeIsHeldTo() {
    for size in [0, 5999, 6001, 1 << 30] {
      #expect(throws: Inflate.Failure.self) {
        try Inflate.bytes(Recorded.dynamicBlock[...], size: size)
      }
    }
  }

  @Test func everyCutIsSeen() {
    for block in [Recorded.dynamicBlock, Recorded.fixedBlock, Recorded.storedBlock] {
      for length in block.indices {
        #expect(throws: Inflate.Failure.self) { try Inflate.bytes(block[..<length], size: 6000) }
      }
    }
    #expect(throws: Inflate.Failure.self) {
      try Inflate.bytes((Recorded.storedBlock + [0])[...], size: 12)
    }
  }

  @Test(
    arguments: [
      ([0x07], "a block of reserved type"),
      ([0x01, 0x01, 0x00, 0x00, 0x00, 0x41], "a damaged stored block"),
      // A distance of 1 before anything was written.
      ([0x03, 0x02, 0x00], "a distance before the start"),
      ([0xfd, 0xff, 0xff, 0xff], "too many codes"),
    ] as [([UInt8], String)])
  func faultsAreNamed(_ input: [UInt8], _ fault: String) {
    let failure = #expect(throws: Inflate.Failure.self) {
      try Inflate.bytes(input[...], size: 100)
    }
    #expect(failure?.fault == fault)
  }

  /// Damage ends in an error or in other bytes of the same number, never in a crash or without end.
  @Test func damageIsContained() {
    var random = SeededRandom(seed: 1951)
    for _ in 0..<3000 {
      var block = random.next() & 1 == 0 ? Recorded.dynamicBlock : Recorded.fixedBlock
      let early = random.next() & 1 == 0 ? UInt64(min(100, block.count)) : UInt64(block.count)
      block[Int(random.next() % early)] ^= 1 << UInt8(random.next() % 8)
      if let bytes = try? Inflate.bytes(block[...], size: 6000) { #expect(bytes.count == 6000) }
    }
  }

  @Test func checksum() {
    #expect(CRC32.checksum(Array("123456789".utf8)) == 0xcbf4_3926)
    #expect(CRC32.checksum([]) == 0)
  }
}
