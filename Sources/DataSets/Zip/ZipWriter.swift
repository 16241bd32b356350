/// Writes a zip file of stored entries: the same entries give the same bytes.
struct ZipWriter {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  /// Contents and names are at most 4 GiB in all.
  mutating func add(_ name: String, _ contents: [UInt8]) {
    let common =
      // Version 2.0, no flags, stored, 1980-01-01 00:00.
      number(20, 2) + number(0, 2) + number(0, 2) + number(0, 2) + number(0x21, 2)
      + number(Int(CRC32.checksum(contents)), 4) + number(contents.count, 4)
      + number(contents.count, 4) + number(name.utf8.count, 2) + number(0, 2)
    directory += number(0x0201_4b50, 4) + number(20, 2) + common
    directory += number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(bytes.count, 4)
    directory += name.utf8
    bytes += number(0x0403_4b50, 4) + common
    bytes += name.utf8
    bytes += contents
    count += 1
  }

  func finish() -> [UInt8] {
    precondition(count < 0xffff && bytes.count + directory.count < 0xffff_ffff, "needs zip64")
    return bytes + directory + number(0x0605_4b50, 4) + number(0, 4) + number(count, 2)
      + number(count, 2) + number(directory.count, 4) + number(bytes.count, 4) + number(0, 2)
  }

  private func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
