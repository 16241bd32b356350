import Foundation

/// The folder of real models and data beside the package; it is not part of it, and may be absent.
enum SharedFiles {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared")

  static let exist = FileManager.default.fileExists(atPath: folder.path)
  static let absence = "skipped: ../shared with the real models is not there"

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: path)))
  }
}
