extension [Float] {
  /// The values as a tensor's data: IEEE 754 single precision, little-endian.
  public var littleEndianBytes: [UInt8] { map { $0.bitPattern }.littleEndianBytes }
}

extension [UInt32] {
  /// The words one after the other, little-endian.
  var littleEndianBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * 4)
    for word in self {
      bytes.append(UInt8(truncatingIfNeeded: word))
      bytes.append(UInt8(truncatingIfNeeded: word >> 8))
      bytes.append(UInt8(truncatingIfNeeded: word >> 16))
      bytes.append(UInt8(truncatingIfNeeded: word >> 24))
    }
    return bytes
  }
}
