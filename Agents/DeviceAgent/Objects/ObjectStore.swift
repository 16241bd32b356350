import AgentProtocol
import CPosix
public import Encoding

/// The folder `objects`: immutable files named by their SHA-256, and unfinished uploads beside them.
///
/// An object appears under its name only after its hash was checked and its bytes are on the disk.
public final class ObjectStore {
  /// Bytes of the disk that uploads and images leave free.
  static let spare: UInt64 = 1 << 20
  /// Uploads that may be under way at a time.
  static let uploadLimit = 4

  let folder: String
  /// Uploads that go on in this daemon's life, with their hash so far.
  var uploads: [Upload] = []
  /// Objects that no staged variant has claimed yet. What is there at a start may be an upload for a variant
  /// that is about to be staged, so it counts as fresh until a rollout is over.
  var fresh: [Digest] = []

  public init(_ folder: String) throws(SystemError) {
    self.folder = folder
    try Files.makeDirectory(folder)
    for name in try Files.names(in: folder) where name.endsWith(".bramble") {
      if let object = Digest(hex: name.pieces(between: 46)[0]) { fresh.append(object) }
    }
  }

  func path(of object: Digest) -> String { "\(folder)/\(object.hex).bramble" }
  func partPath(of object: Digest) -> String { "\(folder)/\(object.hex).part" }

  /// Whether the object is there, as a whole.
  public func contains(_ object: Digest) -> Bool { Files.exists(path(of: object)) }

  /// How much of the object is there.
  func holding(_ object: Digest) -> Holding {
    if let size = Files.size(of: path(of: object)) {
      return Holding(object: object, bytes: size, isComplete: true)
    }
    return Holding(
      object: object, bytes: Files.size(of: partPath(of: object)) ?? 0, isComplete: false)
  }

  func remove(_ object: Digest) throws(SystemError) {
    fresh.removeAll { $0 == object }
    try Files.remove(path(of: object))
  }

  /// The SHA-256 of the file at `path`, read in pieces.
  static func digest(ofFile path: String) throws(SystemError) -> Digest {
    let file = try File(path, BP_READ)
    var hash = SHA256()
    var offset: UInt64 = 0
    while true {
      let piece = try file.read(1 << 16, at: offset)
      if piece.isEmpty { return hash.finish() }
      hash.update(piece)
      offset += UInt64(piece.count)
    }
  }

  /// Removes every object that is neither in `kept` nor fresh; when the disk is full `everything` else
  /// goes, and unfinished uploads that nobody is sending too.
  func prune(keeping kept: [Digest], everything: Bool = false) throws(SystemError) {
    for name in try Files.names(in: folder) {
      guard let dot = name.utf8.lastIndex(of: 46) else { continue }
      guard let object = Digest(hex: String(name[..<dot])) else { continue }
      if name.endsWith(".bramble") {
        if kept.contains(object) { continue }
        if !everything, fresh.contains(object) { continue }
        try remove(object)
      } else if !uploads.contains(where: { $0.object == object }), everything {
        try Files.remove("\(folder)/\(name)")
      }
    }
  }
}
