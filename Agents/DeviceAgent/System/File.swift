import CPosix

/// An open file; closed when it is let go.
final class File {
  let path: String
  let descriptor: Int32

  init(_ path: String, _ flags: Int32, mode: UInt32 = 0o644) throws(SystemError) {
    self.path = path
    descriptor = bp_open(path, flags, mode)
    guard descriptor >= 0 else { throw SystemError("open", path, code: descriptor) }
  }

  deinit { _ = bp_close(descriptor) }

  func size() throws(SystemError) -> UInt64 {
    UInt64(try checked("measure", bp_size(descriptor)))
  }

  /// At most `count` bytes from `offset` on, fewer only at the end of the file.
  func read(_ count: Int, at offset: UInt64) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = bytes.withUnsafeMutableBytes {
      bp_pread(descriptor, $0.baseAddress, UInt64(count), offset)
    }
    bytes.removeLast(count - Int(try checked("read", got)))
    return bytes
  }

  func write(_ bytes: [UInt8], at offset: UInt64) throws(SystemError) {
    let put = bytes.withUnsafeBytes {
      bp_pwrite(descriptor, $0.baseAddress, UInt64($0.count), offset)
    }
    _ = try checked("write", put)
  }

  /// Content and length are on the disk when this returns.
  func sync() throws(SystemError) { _ = try checked("sync", Int64(bp_datasync(descriptor))) }

  func truncate(to size: UInt64) throws(SystemError) {
    _ = try checked("truncate", Int64(bp_truncate(descriptor, size)))
  }

  /// Blocks up to `size` are this file's from now on, so that writing there cannot find the disk full.
  func reserve(_ size: UInt64, keepSize: Bool) throws(SystemError) {
    _ = try checked("reserve room for", Int64(bp_reserve(descriptor, size, keepSize ? 1 : 0)))
  }

  private func checked(_ operation: String, _ result: Int64) throws(SystemError) -> Int64 {
    if result < 0 { throw SystemError(operation, path, code: Int32(truncatingIfNeeded: result)) }
    return result
  }
}

/// What needs no open file.
public enum Files {
  /// The whole content of a small file; `nil` when there is no such file.
  static func content(of path: String, atMost limit: Int = 1 << 16) throws(SystemError) -> [UInt8]?
  {
    let file: File
    do throws(SystemError) {
      file = try File(path, BP_READ)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
    // Files of /proc have no size, so that reading to the end is the only way.
    return try file.read(limit, at: 0)
  }

  /// The text of a small file, trimmed; empty when it is not there or cannot be read.
  static func text(of path: String, atMost limit: Int = 4096) -> String {
    do throws(SystemError) {
      let bytes = try content(of: path, atMost: limit) ?? []
      return String(decoding: bytes, as: UTF8.self).trimmed
    } catch {
      return ""
    }
  }

  /// Replaces a file's content in one step that a power cut cannot halve.
  public static func replace(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o644)
    throws(SystemError)
  {
    let next = path + ".new"
    do {
      let file = try File(next, BP_WRITE | BP_CREATE | BP_TRUNCATE, mode: mode)
      try file.write(bytes, at: 0)
      try file.sync()
    }
    try rename(next, to: path)
  }

  /// Renames durably.
  static func rename(_ from: String, to: String) throws(SystemError) {
    try check("rename", from, bp_rename(from, to))
    try check("sync the folder of", to, bp_sync_directory(parent(of: to)))
  }

  static func exists(_ path: String) -> Bool { size(of: path) != nil }

  /// `nil` when there is no such file.
  static func size(of path: String) -> UInt64? {
    var status = bp_status()
    return bp_stat(path, &status) < 0 ? nil : status.size
  }

  /// Removing what is not there is no error.
  static func remove(_ path: String) throws(SystemError) {
    let result = bp_unlink(path)
    if result < 0, result != -BP_ENOENT { throw SystemError("remove", path, code: result) }
  }

  /// Makes a folder unless it is there.
  static func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
    let result = bp_make_directory(path, mode)
    if result < 0, result != -BP_EEXIST { throw SystemError("make folder", path, code: result) }
  }

  /// The names in a folder, sorted.
  static func names(in path: String) throws(SystemError) -> [String] {
    guard let directory = bp_directory_open(path) else {
      throw SystemError("open folder", path, code: BP_ENOENT)
    }
    defer { bp_directory_close(directory) }
    var names: [String] = []
    var buffer = [CChar](repeating: 0, count: 256)
    while true {
      let result = buffer.withUnsafeMutableBufferPointer {
        bp_directory_next(directory, $0.baseAddress, UInt32($0.count))
      }
      if result < 0 { throw SystemError("read folder", path, code: result) }
      if result == 0 { return names.sorted() }
      names.append(string(buffer))
    }
  }

  /// Bytes that may still be written near `path`.
  static func freeSpace(_ path: String) throws(SystemError) -> UInt64 {
    let bytes = bp_free_space(path)
    if bytes < 0 {
      throw SystemError("measure the disk of", path, code: Int32(truncatingIfNeeded: bytes))
    }
    return UInt64(bytes)
  }

  static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 47) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 47) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  private static func check(
    _ operation: String, _ path: String, _ result: Int32
  ) throws(SystemError) {
    if result < 0 { throw SystemError(operation, path, code: result) }
  }
}
