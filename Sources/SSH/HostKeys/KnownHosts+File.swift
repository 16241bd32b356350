import Foundation

extension KnownHosts {
  /// The file's text, `nil` when there is no such file.
  func read() throws(KnownHostsError) -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw KnownHostsError(path: path, reason: "can't read it as UTF-8 text: \(error)")
    }
  }

  /// Adds bytes at the end with one `write`, so that nobody ever sees half a line.
  func append(_ bytes: [UInt8]) throws(KnownHostsError) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("can't open for writing") }
    defer { close(descriptor) }
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard written == bytes.count, fsync(descriptor) == 0 else { throw failure("can't write") }
  }

  /// Runs `body` while no other writer, in this process or another, may touch the file. The folder
  /// is what gets locked: the file may not exist yet, and a replaced one would lose its lock.
  func whileLocked<Value>(
    _ body: () throws(KnownHostsError) -> Value
  ) throws(KnownHostsError) -> Value {
    let folder = (path as NSString).deletingLastPathComponent
    do {
      if !folder.isEmpty {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      }
    } catch { throw KnownHostsError(path: path, reason: "can't make its folder: \(error)") }
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("can't open its folder") }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw failure("can't lock its folder") }
    }
    return try body()
  }

  private func failure(_ what: String) -> KnownHostsError {
    KnownHostsError(path: path, reason: "\(what): \(String(cString: strerror(errno)))")
  }
}
