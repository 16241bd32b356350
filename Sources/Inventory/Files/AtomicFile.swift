import Foundation

/// Files that are there whole or not at all.
enum AtomicFile {
  /// More than any device's file needs; what is longer is something else.
  private static let limit = 64 << 10

  static func read(_ path: String) throws(InventoryError) -> String {
    do {
      let data = try Data(contentsOf: URL(filePath: path))
      guard data.count <= limit else { throw InventoryError(path, "is longer than 64 KiB") }
      guard let text = String(data: data, encoding: .utf8) else {
        throw InventoryError(path, "is no UTF-8 text")
      }
      return text
    } catch let error as InventoryError {
      throw error
    } catch {
      throw InventoryError(path, "can't be read: \(error.localizedDescription)")
    }
  }

  /// Writes a file that must not be there yet.
  static func create(_ path: String, _ text: String) throws(InventoryError) {
    try write(path, text) { temporary in
      // Unlike renaming, linking never replaces what somebody else wrote meanwhile.
      guard link(temporary, path) == 0 else {
        return errno == EEXIST
          ? "is there already; remove the device first, or choose another name"
          : String(cString: strerror(errno))
      }
      unlink(temporary)
      return nil
    }
  }

  static func replace(_ path: String, _ text: String) throws(InventoryError) {
    try write(path, text) { temporary in
      rename(temporary, path) == 0 ? nil : String(cString: strerror(errno))
    }
  }

  private static func write(
    _ path: String, _ text: String, _ finish: (String) -> String?
  ) throws(InventoryError) {
    let folder = (path as NSString).deletingLastPathComponent
    let temporary = "\(folder)/.\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: temporary))
      let handle = try FileHandle(forWritingTo: URL(filePath: temporary))
      try handle.synchronize()
      try handle.close()
    } catch {
      unlink(temporary)
      throw InventoryError(path, "can't be written: \(error.localizedDescription)")
    }
    guard let reason = finish(temporary) else { return }
    unlink(temporary)
    throw InventoryError(path, reason)
  }
}
