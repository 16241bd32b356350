import Foundation

/// The project's own files, as git knows them.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Paths of tracked files that are there, from the root; every file where this is no git clone.
  static let files: [String] = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", root.path, "ls-files", "-z"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return [] }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      .filter { FileManager.default.fileExists(atPath: root.path + "/" + $0) }
  }()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Tracked files that hold text for people or compilers.
  static var texts: [String] {
    let suffixes = [".swift", ".c", ".h", ".py", ".sh", ".md", ".json", ".yaml", ".yml", ".txt"]
    let names = ["Makefile", "run", ".gitignore", ".swift-format"]
    return files.filter { path in
      suffixes.contains(where: path.hasSuffix)
        || names.contains(String(path.split(separator: "/").last ?? ""))
    }
  }
}
