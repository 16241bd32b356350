/// CRC-32C (Castagnoli; polynomial 0x1EDC6F41, reflected), as in RFC 3720: finds accidental damage, not malice.
public enum CRC32C {
  /// The checksum of all of `bytes`.
  public static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { checksum($0) }
  }

  /// The checksum of all of `bytes`.
  public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let start = bytes.baseAddress else { return 0 }
    return crc32cTable.withUnsafeBufferPointer { table in
      let t = table.baseAddress!
      var crc: UInt32 = ~0
      var index = 0
      let end = bytes.count
      // Four bytes at a time ("slicing"): each is looked up in the row for its distance from the end.
      while end &- index >= 4 {
        let word = UInt32(littleEndian: start.loadUnaligned(fromByteOffset: index, as: UInt32.self))
        crc ^= word
        crc =
          t[768 &+ Int(crc & 255)] ^ t[512 &+ Int((crc &>> 8) & 255)]
          ^ t[256 &+ Int((crc &>> 16) & 255)] ^ t[Int(crc &>> 24)]
        index &+= 4
      }
      while index < end {
        let byte = start.load(fromByteOffset: index, as: UInt8.self)
        crc = t[Int((crc ^ UInt32(byte)) & 255)] ^ (crc &>> 8)
        index &+= 1
      }
      return ~crc
    }
  }
}
