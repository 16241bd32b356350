public import Encoding

/// A container as it lies in memory, checked from end to end. The buffer must outlive the view; blobs are aligned to 64
/// bytes where the buffer is.
public struct ContainerView {
  public let header: CBOR
  /// Where the header starts in the file: what offsets in errors about the header count from.
  public let headerOffset: Int
  private let bytes: UnsafeRawBufferPointer
  private let ranges: [Range<Int>]

  /// - Throws: ``FormatError`` unless every byte is as ``ContainerWriter`` would have written it.
  public init(_ bytes: UnsafeRawBufferPointer, kind: ContainerKind) throws(FormatError) {
    self.bytes = bytes
    let preamble = try Preamble(bytes, kind: kind)
    headerOffset = ContainerLayout.preambleSize + preamble.blobCount * ContainerLayout.entrySize
    let headerEnd = headerOffset + preamble.headerLength
    let described = UnsafeRawBufferPointer(
      rebasing: bytes[ContainerLayout.preambleSize..<headerEnd])
    guard CRC32C.checksum(described) == preamble.checksum else {
      throw FormatError(.damaged("the header"), offset: ContainerLayout.preambleSize)
    }
    ranges = try ContainerView.ranges(bytes, count: preamble.blobCount, from: headerEnd)
    do throws(CBORError) {
      header = try CBOR.decode(UnsafeRawBufferPointer(rebasing: bytes[headerOffset..<headerEnd]))
    } catch {
      throw FormatError(error, start: headerOffset)
    }
  }

  public var blobCount: Int { ranges.count }

  /// Blob `index`, where it lies.
  public func blob(_ index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[ranges[index]])
  }

  /// Where blob `index` starts in the file.
  public func offset(ofBlob index: Int) -> Int { ranges[index].lowerBound }

  /// The header as a document to read fields of.
  public var document: CBORNode { CBORNode(root: header) }

  /// Each blob must lie where the one before it leaves off, with zeros between, and match its checksum.
  private static func ranges(
    _ bytes: UnsafeRawBufferPointer, count: Int, from headerEnd: Int
  ) throws(FormatError) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(count)
    var end = headerEnd
    for index in 0..<count {
      let entry = ContainerLayout.preambleSize + index * ContainerLayout.entrySize
      let length = bytes.littleEndian(at: entry + 8, as: UInt64.self)
      guard let start = ContainerLayout.aligned(end), start <= bytes.count,
        bytes.littleEndian(at: entry, as: UInt64.self) == UInt64(start)
      else { throw FormatError(.invalid("blob \(index) is not where it belongs"), offset: entry) }
      guard let length = Int(exactly: length), length <= bytes.count - start else {
        throw FormatError(.invalid("blob \(index) goes beyond the file"), offset: entry + 8)
      }
      guard bytes.littleEndian(at: entry + 20, as: UInt32.self) == 0 else {
        throw FormatError(.invalid("the table's zeros are not"), offset: entry + 20)
      }
      if let place = (end..<start).first(where: { bytes[$0] != 0 }) {
        throw FormatError(.invalid("the padding is not zero"), offset: place)
      }
      let blob = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
      guard bytes.littleEndian(at: entry + 16, as: UInt32.self) == CRC32C.checksum(blob) else {
        throw FormatError(.damaged("blob \(index)"), offset: start)
      }
      ranges.append(start..<start + length)
      end = start + length
    }
    guard end == bytes.count else {
      throw FormatError(.invalid("bytes follow the last blob"), offset: end)
    }
    return ranges
  }
}
