import Encoding
import Testing

@Suite struct CRC32CTests {
  /// The check value of the catalogue of CRCs, and the examples of RFC 3720, B.4.
  @Test func knownAnswers() {
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xe306_9283)
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(CRC32C.checksum([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46dd_794e)
    #expect(CRC32C.checksum((0..<32).map { UInt8(31 - $0) }) == 0x113f_db5c)
    #expect(CRC32C.checksum([]) == 0)
  }

  @Test func everyLengthAndAlignmentAgreesWithBitByBit() {
    let data = (0..<80).map { UInt8(truncatingIfNeeded: $0 &* 91 &+ 13) }
    for start in 0..<9 {
      for end in start...data.count {
        let expected = bitByBit(data[start..<end])
        let actual = data.withUnsafeBytes {
          CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[start..<end]))
        }
        #expect(actual == expected, "bytes \(start)..<\(end)")
      }
    }
  }

  private func bitByBit(_ data: ArraySlice<UInt8>) -> UInt32 {
    var crc: UInt32 = ~0
    for byte in data {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
    }
    return ~crc
  }
}
