public import Encoding

/// Puts a header and blobs into one file, laid out as ``ContainerView`` reads it. The same parts give the same bytes.
public struct ContainerWriter: Sendable {
  private let kind: ContainerKind
  private var blobs: [[UInt8]] = []

  public init(kind: ContainerKind) { self.kind = kind }

  /// Appends `blob` and returns its index.
  public mutating func add(_ blob: [UInt8]) -> Int {
    blobs.append(blob)
    return blobs.count - 1
  }

  /// The file.
  public func encode(header: CBOR) -> [UInt8] {
    let header = header.encoded()
    let tableEnd = ContainerLayout.preambleSize + blobs.count * ContainerLayout.entrySize
    var table: [UInt8] = []
    var end = tableEnd + header.count
    for blob in blobs {
      let offset = paddedOffset(end)
      end = offset + blob.count
      append(UInt64(offset), to: &table)
      append(UInt64(blob.count), to: &table)
      append(CRC32C.checksum(blob), to: &table)
      append(UInt32(0), to: &table)
    }
    table += header

    var file = ContainerLayout.magic
    file.reserveCapacity(end)
    append(ContainerLayout.version, to: &file)
    append(kind.rawValue, to: &file)
    append(UInt64(end), to: &file)
    append(UInt32(header.count), to: &file)
    append(UInt32(blobs.count), to: &file)
    append(CRC32C.checksum(table), to: &file)
    file.append(contentsOf: repeatElement(0, count: 60 - file.count))
    append(CRC32C.checksum(file), to: &file)
    file += table
    for blob in blobs {
      file.append(contentsOf: repeatElement(0, count: paddedOffset(file.count) - file.count))
      file += blob
    }
    return file
  }

  private func paddedOffset(_ offset: Int) -> Int {
    guard let aligned = ContainerLayout.aligned(offset) else {
      preconditionFailure("a container larger than memory")
    }
    return aligned
  }

  private func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
