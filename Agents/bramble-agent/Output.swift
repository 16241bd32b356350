import CPosix

enum Output {
  /// A line on the standard output.
  static func line(_ text: String) { write(text + "\n", to: 1) }

  /// A line on the standard error.
  static func complain(_ text: String) { write("bramble-agent: \(text)\n", to: 2) }

  private static func write(_ text: String, to fd: Int32) {
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { buffer in
      var start = 0
      while start < buffer.count {
        let n = bp_write(fd, buffer.baseAddress! + start, UInt64(buffer.count - start))
        if n <= 0 { return }
        start += Int(n)
      }
    }
  }
}
