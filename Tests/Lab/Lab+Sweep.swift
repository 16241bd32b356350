import Foundation

extension Lab {
  /// Takes down every lab whose program was killed before it could.
  public static func sweep() throws(LabError) {
    for folder in abandonedFolders {
      // Another program may sweep at the same moment and be faster.
      guard let lab = try? open(folder) else { continue }
      try lab.down()
      if folder.lastPathComponent.hasPrefix("bramble-lab-") { try Files.remove(folder) }
    }
  }

  /// Every lab of this machine that its own program does not look after any more.
  private static var abandonedFolders: [URL] {
    candidates.filter { folder in
      guard let state = try? LabState.load(from: folder), let owner = state.owner else {
        return false
      }
      return !owner.isAlive
    }
  }

  private static var candidates: [URL] {
    let temporary = FileManager.default.temporaryDirectory
    return children(of: LabPlan.isolatedHome)
      + children(of: temporary).filter { $0.lastPathComponent.hasPrefix("bramble-lab-") }
  }

  private static func children(of folder: URL) -> [URL] {
    let found = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return found ?? []
  }
}
