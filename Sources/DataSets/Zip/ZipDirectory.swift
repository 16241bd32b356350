/// The central directory of a zip file: where it is and what it lists.
struct ZipDirectory {
  private let bytes: [UInt8]
  private let file: String
  private let start: Int
  private let end: Int
  private let count: Int

  init(_ bytes: [UInt8], file: String) throws(DataSetError) {
    self.bytes = bytes
    self.file = file
    guard let record = ZipDirectory.endRecord(bytes) else {
      throw DataSetError(
        file: file, .malformed("not a zip file, or cut off at its end", offset: bytes.count))
    }
    count = bytes.number(at: record + 10, 2)
    let size = bytes.number(at: record + 12, 4)
    start = bytes.number(at: record + 16, 4)
    guard count != 0xffff, size != 0xffff_ffff, start != 0xffff_ffff else {
      throw DataSetError(file: file, .unsupported("zip64 (a file beyond 4 GiB)"))
    }
    guard bytes.number(at: record + 4, 4) == 0, bytes.number(at: record + 8, 2) == count else {
      throw DataSetError(file: file, .unsupported("a zip file in several parts"))
    }
    guard start <= record, size <= record - start else {
      throw DataSetError(
        file: file, .malformed("the directory goes beyond the file", offset: record + 12))
    }
    end = start + size
  }

  func entries() throws(DataSetError) -> [ZipArchive.Entry] {
    var entries: [ZipArchive.Entry] = []
    var position = start
    for _ in 0..<count {
      guard end - position >= 46, bytes.number(at: position, 4) == 0x0201_4b50 else {
        throw DataSetError(file: file, .malformed("a damaged directory", offset: position))
      }
      let nameLength = bytes.number(at: position + 28, 2)
      let next =
        position + 46 + nameLength + bytes.number(at: position + 30, 2)
        + bytes.number(at: position + 32, 2)
      guard next <= end,
        let name = String(
          validating: bytes[position + 46..<position + 46 + nameLength], as: UTF8.self)
      else { throw DataSetError(file: file, .malformed("a damaged directory", offset: position)) }
      guard !entries.contains(where: { $0.name == name }) else {
        throw DataSetError(file: file, key: name, .malformed("listed twice", offset: position))
      }
      entries.append(try entry(name, at: position))
      position = next
    }
    return entries
  }

  private func entry(_ name: String, at position: Int) throws(DataSetError) -> ZipArchive.Entry {
    func unsupported(_ what: String) -> DataSetError {
      DataSetError(file: file, key: name, .unsupported(what))
    }
    let entry = ZipArchive.Entry(
      name: name, method: bytes.number(at: position + 10, 2),
      checksum: UInt32(bytes.number(at: position + 16, 4)),
      compressedSize: bytes.number(at: position + 20, 4), size: bytes.number(at: position + 24, 4),
      headerOffset: bytes.number(at: position + 42, 4))
    guard bytes.number(at: position + 8, 2) & 1 == 0 else { throw unsupported("encryption") }
    guard entry.method == 0 || entry.method == 8 else {
      throw unsupported("compression method \(entry.method)")
    }
    guard entry.compressedSize != 0xffff_ffff, entry.size != 0xffff_ffff,
      entry.headerOffset != 0xffff_ffff
    else { throw unsupported("zip64 (an array beyond 4 GiB)") }
    guard entry.size <= ZipArchive.maximumEntrySize else {
      throw unsupported("an array of \(entry.size) bytes")
    }
    guard entry.headerOffset < start else {
      throw DataSetError(
        file: file, key: name, .malformed("an entry behind the directory", offset: position + 42))
    }
    return entry
  }

  /// The end record stands last, but for a comment of at most 65535 bytes, whose length it says.
  private static func endRecord(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 22 else { return nil }
    let last = bytes.count - 22
    return (max(0, last - 0xffff)...last).reversed().first { position in
      bytes.number(at: position, 4) == 0x0605_4b50
        && bytes.number(at: position + 20, 2) == last - position
    }
  }
}
