import CPosix

/// Messages between the daemon and its children: four bytes of length, little-endian, then the content.
enum Pipe {
  static let limit = 4 << 20

  static func framed(_ content: [UInt8]) -> [UInt8] {
    littleEndian(UInt64(content.count), 4) + content
  }

  /// The next whole message at the front of `buffer`, which it is taken from.
  static func next(_ buffer: inout [UInt8]) -> [UInt8]? {
    guard buffer.count >= 4 else { return nil }
    let length = Int(number(buffer, 0, 4) & 0x7fff_ffff)
    guard buffer.count >= 4 + length else { return nil }
    let content = Array(buffer[4..<4 + length])
    buffer.removeFirst(4 + length)
    return content
  }

  /// Writes everything, waiting as long as it takes. False when the other end is gone.
  static func write(_ bytes: [UInt8], to fd: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var start = 0
      while start < buffer.count {
        let n = bp_write(fd, buffer.baseAddress! + start, UInt64(buffer.count - start))
        if n <= 0 { return false }
        start += Int(n)
      }
      return true
    }
  }

  /// Appends what is there to read, waiting for at least one byte on a blocking descriptor.
  /// Negative: the error; 0: the end.
  static func read(_ fd: Int32, into buffer: inout [UInt8]) -> Int64 {
    var failure: Int64 = 0
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 8) { chunk in
      failure = bp_read(fd, chunk.baseAddress, UInt64(chunk.count))
      if failure > 0 {
        buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<Int(failure)]))
      }
    }
    return failure
  }

  /// The next message, waiting for it; `nil` at the end.
  static func receive(_ fd: Int32, _ buffer: inout [UInt8]) -> [UInt8]? {
    while true {
      if let message = next(&buffer) { return message }
      if read(fd, into: &buffer) <= 0 { return nil }
    }
  }
}
