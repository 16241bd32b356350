import CPosix

/// What telemetry is keyed by: a random number made at installation. A card that was cloned into another board gets
/// a new one, as the board's serial number lies beside it.
struct Installation {
  /// 32 lower-case hexadecimal digits.
  var identifier: String

  /// Reads the file, or makes it.
  init(_ root: Root) throws(SystemError) {
    let lines = Files.text(of: root.installation).pieces(between: 10)
    let serial = DeviceFacts.serial
    if lines[0].utf8.count == 32, lines.count < 2 || lines[1] == serial || serial.isEmpty {
      identifier = lines[0]
      return
    }
    var random = [UInt8](repeating: 0, count: 16)
    let result = random.withUnsafeMutableBytes { bp_random($0.baseAddress, UInt64($0.count)) }
    if result < 0 { throw SystemError("draw", "random bytes", code: result) }
    identifier = Hexadecimal.text(random)
    try Files.replace(root.installation, with: Array("\(identifier)\n\(serial)\n".utf8))
  }
}
