import Encoding

extension [UInt8] {
  /// Writes the checksums that the container's bytes should have: so that damage reaches what lies behind them.
  mutating func seal() {
    guard count >= 64 else { return }
    if let header = Int(exactly: number(at: 24, bytes: 4)),
      let blobs = Int(exactly: number(at: 28, bytes: 4)), blobs <= 1000, header <= count,
      64 + 24 * blobs + header <= count
    {
      for blob in 0..<blobs {
        let entry = 64 + 24 * blob
        let (start, length) = (number(at: entry, bytes: 8), number(at: entry + 8, bytes: 8))
        guard start <= UInt64(count), length <= UInt64(count) - start else { continue }
        store(
          CRC32C.checksum(Array(self[Int(start)..<Int(start + length)])), at: entry + 16)
      }
      store(CRC32C.checksum(Array(self[64..<64 + 24 * blobs + header])), at: 32)
    }
    store(CRC32C.checksum(Array(self[0..<60])), at: 60)
  }

  private func number(at offset: Int, bytes: Int) -> UInt64 {
    (0..<bytes).reduce(0) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
  }

  private mutating func store(_ number: UInt32, at offset: Int) {
    for index in 0..<4 { self[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
  }
}
