import Foundation

/// What a lab's folder remembers of it, so that it can be taken down by whoever comes later.
struct LabState: Codable, Sendable {
  /// Who takes it down; `nil` for a lab that outlives the program that made it.
  var owner: RunningProcess?
  var devices: [Device]
  var notes: [String]
  /// Where the devices lie, which goes with the lab.
  var home: URL

  static func file(in folder: URL) -> URL { folder.appendingPathComponent("lab.json") }

  static func load(from folder: URL) throws(LabError) -> LabState {
    guard let data = FileManager.default.contents(atPath: file(in: folder).path) else {
      throw .noLab(path: folder.path, reason: "there is no lab.json; `bramble-lab up` makes one")
    }
    do {
      return try JSONDecoder().decode(LabState.self, from: data)
    } catch {
      throw .noLab(path: folder.path, reason: String(describing: error))
    }
  }

  func save(in folder: URL) throws(LabError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try encoder.encode(self).write(to: Self.file(in: folder), options: .atomic)
    } catch {
      throw .fileSystem(path: folder.path, reason: String(describing: error))
    }
  }
}
