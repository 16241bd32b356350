/// The entries of a zip file, by its central directory (PKWARE APPNOTE 6.3): stored and deflated ones, without zip64 and
/// without encryption.
struct ZipArchive {
  struct Entry {
    let name: String
    let method: Int
    let checksum: UInt32
    let compressedSize: Int
    let size: Int
    let headerOffset: Int
  }

  /// What one entry may take when unpacked.
  static let maximumEntrySize = 1 << 30

  let entries: [Entry]
  private let bytes: [UInt8]
  private let file: String

  init(_ bytes: [UInt8], file: String) throws(DataSetError) {
    self.bytes = bytes
    self.file = file
    let directory = try ZipDirectory(bytes, file: file)
    entries = try directory.entries()
  }

  /// The unpacked bytes of `entry`, checked against its checksum.
  func contents(of entry: Entry) throws(DataSetError) -> [UInt8] {
    func fault(_ text: String, _ offset: Int) -> DataSetError {
      DataSetError(file: file, key: entry.name, .malformed(text, offset: offset))
    }
    let start = entry.headerOffset
    guard bytes.count - start >= 30, bytes.number(at: start, 4) == 0x0403_4b50 else {
      throw fault("no entry where the directory says", start)
    }
    // Sizes come from the directory: NumPy writes placeholders here.
    let dataStart = start + 30 + bytes.number(at: start + 26, 2) + bytes.number(at: start + 28, 2)
    guard dataStart <= bytes.count, entry.compressedSize <= bytes.count - dataStart else {
      throw fault("the entry goes beyond the file", start)
    }
    let data = bytes[dataStart..<dataStart + entry.compressedSize]
    let contents: [UInt8]
    if entry.method == 0 {
      guard entry.size == entry.compressedSize else { throw fault("two sizes", start) }
      contents = Array(data)
    } else {
      do throws(Inflate.Failure) {
        contents = try Inflate.bytes(data, size: entry.size)
      } catch {
        throw fault("damaged: \(error.fault)", dataStart + error.offset)
      }
    }
    guard CRC32.checksum(contents) == entry.checksum else {
      throw fault("damaged: its checksum does not match", dataStart)
    }
    return contents
  }
}

extension [UInt8] {
  /// The little-endian number in `count` bytes at `offset`, all of which must be there.
  func number(at offset: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(self[offset + $1]) << (8 * $1) }
  }
}
