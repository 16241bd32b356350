import Encoding

/// The first 64 bytes of a container, checked against the bytes that are there.
struct Preamble {
  let headerLength: Int
  let blobCount: Int
  let checksum: UInt32

  init(_ bytes: UnsafeRawBufferPointer, kind: ContainerKind) throws(FormatError) {
    for (index, byte) in ContainerLayout.magic.enumerated() {
      guard index < bytes.count, bytes[index] == byte else {
        throw FormatError(.notABrambleFile, offset: index)
      }
    }
    let size = ContainerLayout.preambleSize
    guard bytes.count >= size else {
      throw FormatError(.wrongLength(UInt64(size)), offset: bytes.count)
    }
    // The version comes first: what follows may mean something else in a later one.
    let version = bytes.littleEndian(at: 8, as: UInt32.self)
    guard version == ContainerLayout.version else {
      throw FormatError(.unsupportedVersion(version), offset: 8)
    }
    let expected = bytes.littleEndian(at: 60, as: UInt32.self)
    guard CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[0..<60])) == expected else {
      throw FormatError(.damaged("the preamble"), offset: 0)
    }
    let found = bytes.littleEndian(at: 12, as: UInt32.self)
    guard found == kind.rawValue else {
      throw FormatError(.wrongKind(found, wanted: kind.rawValue), offset: 12)
    }
    let length = bytes.littleEndian(at: 16, as: UInt64.self)
    guard length == UInt64(bytes.count) else {
      throw FormatError(.wrongLength(length), offset: bytes.count)
    }
    let header = bytes.littleEndian(at: 24, as: UInt32.self)
    let blobs = bytes.littleEndian(at: 28, as: UInt32.self)
    guard header <= UInt32(ContainerLayout.maximumHeader) else {
      throw FormatError(.invalid("a header of \(header) bytes"), offset: 24)
    }
    guard blobs <= UInt32(ContainerLayout.maximumBlobs) else {
      throw FormatError(.invalid("\(blobs) blobs"), offset: 28)
    }
    headerLength = Int(header)
    blobCount = Int(blobs)
    checksum = bytes.littleEndian(at: 32, as: UInt32.self)
    guard bytes.count - size >= blobCount * ContainerLayout.entrySize + headerLength else {
      throw FormatError(.invalid("table and header go beyond the file"), offset: 24)
    }
    if let place = (36..<60).first(where: { bytes[$0] != 0 }) {
      throw FormatError(.invalid("the preamble's zeros are not"), offset: place)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The number at `offset`, which must lie within the buffer.
  func littleEndian<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type) -> Number {
    Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }
}
