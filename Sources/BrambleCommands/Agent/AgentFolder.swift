import Foundation

/// Where the agents' executables lie when nobody says.
enum AgentFolder {
  /// `$BRAMBLE_AGENTS`; else `share/bramble/agents` beside the folder of this executable; else
  /// `Agents/build` in a folder above it or above the current one.
  static var nearest: String? {
    let manager = FileManager.default
    if let named = ProcessInfo.processInfo.environment["BRAMBLE_AGENTS"] { return named }
    var candidates: [URL] = []
    let executable = Bundle.main.executableURL?.resolvingSymlinksInPath()
      .deletingLastPathComponent()
    if let executable {
      candidates.append(
        executable.deletingLastPathComponent().appending(path: "share/bramble/agents"))
      candidates += ancestors(of: executable).map { $0.appending(path: "Agents/build") }
    }
    candidates += ancestors(of: URL(filePath: manager.currentDirectoryPath)).map {
      $0.appending(path: "Agents/build")
    }
    return candidates.map { $0.path(percentEncoded: false) }.first {
      let files = (try? manager.contentsOfDirectory(atPath: $0)) ?? []
      return files.contains { $0.hasPrefix("bramble-agent-") }
    }
  }

  private static func ancestors(of url: URL) -> [URL] {
    var folders = [url.standardizedFileURL]
    while let last = folders.last, last.pathComponents.count > 1 {
      folders.append(last.deletingLastPathComponent().standardizedFileURL)
    }
    return folders
  }
}
