import CPosix

/// A file that one process at a time holds, with its number inside. The lock goes with the process, however it ends.
public final class Lock {
  private let file: File

  /// - Throws: `EAGAIN` when another process holds it.
  public init(_ path: String) throws(SystemError) {
    file = try File(path, BP_READ | BP_WRITE | BP_CREATE)
    let result = bp_lock(file.descriptor)
    if result < 0 { throw SystemError("lock", path, code: result) }
    try file.truncate(to: 0)
    try file.write(Array("\(bp_pid())\n".utf8), at: 0)
  }

  /// Who holds the lock of `path`; `nil` when nobody does.
  public static func holder(of path: String) -> Int32? {
    do throws(SystemError) {
      let file = try File(path, BP_READ)
      if bp_lock(file.descriptor) == 0 { return nil }
    } catch {
      return nil
    }
    return Files.text(of: path).decimal.map { Int32(truncatingIfNeeded: $0) }
  }
}
