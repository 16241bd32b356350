/// A FlatBuffers file whose every read is checked against its bounds.
///
/// The layout is that of <https://flatbuffers.dev/internals/>: little-endian scalars; a table begins
/// with the signed distance back to its vtable; a vector begins with its count.
struct FlatBuffer: Sendable {
  let bytes: [UInt8]
  let file: String

  func damaged(at offset: Int, _ reason: String) -> ImportError {
    ImportError(file: file, problem: .damaged(offset: offset, reason))
  }

  /// Refuses a range that is not wholly inside the file.
  func check(_ offset: Int, count: Int, of what: String) throws(ImportError) {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
      throw damaged(at: max(offset, 0), "\(what) reaches past the end of the file")
    }
  }

  func integer<T: FixedWidthInteger>(
    _ type: T.Type, at offset: Int, of what: String
  ) throws(ImportError) -> T {
    let size = T.bitWidth / 8
    try check(offset, count: size, of: what)
    var value: T = 0
    for index in 0..<size {
      value |= T(truncatingIfNeeded: bytes[offset + index]) << T(8 * index)
    }
    return value
  }

  /// Follows the unsigned offset stored at `offset`.
  func target(of offset: Int, what: String) throws(ImportError) -> Int {
    let distance = Int(try integer(UInt32.self, at: offset, of: what))
    guard distance > 0, distance < bytes.count - offset else {
      throw damaged(at: offset, "the offset of \(what) points outside the file")
    }
    return offset + distance
  }

  /// The root table of a file that carries `identifier` at byte 4.
  func root(identifier: String) throws(ImportError) -> FlatTable {
    guard bytes.count >= 8, Array(bytes[4..<8]) == Array(identifier.utf8) else {
      throw ImportError(
        file: file,
        problem: .notThisFormat(
          "this is not a TensorFlow Lite file: byte 4 should read '\(identifier)'"))
    }
    return try FlatTable(self, at: try target(of: 0, what: "the root table"), what: "the model")
  }
}
