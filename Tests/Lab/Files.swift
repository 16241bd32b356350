import Foundation

/// Files with typed errors.
enum Files {
  static func makeFolder(_ url: URL, mode: Int = 0o755) throws(LabError) {
    do {
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: true, attributes: nil)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
    } catch {
      throw .fileSystem(path: url.path, reason: String(describing: error))
    }
  }

  static func write(_ text: String, to url: URL, mode: Int = 0o644) throws(LabError) {
    do {
      try Data(text.utf8).write(to: url, options: .atomic)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
    } catch {
      throw .fileSystem(path: url.path, reason: String(describing: error))
    }
  }

  static func read(_ url: URL) throws(LabError) -> String {
    do {
      return try String(contentsOf: url, encoding: .utf8).trimmingCharacters(
        in: .whitespacesAndNewlines)
    } catch {
      throw .fileSystem(path: url.path, reason: String(describing: error))
    }
  }

  static func copy(_ source: URL, to target: URL) throws(LabError) {
    do {
      try FileManager.default.copyItem(at: source, to: target)
    } catch {
      throw .fileSystem(path: target.path, reason: String(describing: error))
    }
  }

  static func remove(_ url: URL) throws(LabError) {
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    do {
      try FileManager.default.removeItem(at: url)
    } catch {
      throw .fileSystem(path: url.path, reason: String(describing: error))
    }
  }

  /// Writes zeros until there are `bytes` of them or the disk is full.
  static func fill(_ url: URL, bytes: Int) throws(LabError) {
    let file = open(url.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard file >= 0 else {
      throw .fileSystem(path: url.path, reason: String(cString: strerror(errno)))
    }
    defer { close(file) }
    let zeros = [UInt8](repeating: 0, count: 1 << 16)
    var left = bytes
    while left > 0 {
      let written = Glibc.write(file, zeros, min(left, zeros.count))
      if written < 0, errno == ENOSPC { return }
      guard written > 0 else {
        throw .fileSystem(path: url.path, reason: String(cString: strerror(errno)))
      }
      left -= written
    }
  }
}
