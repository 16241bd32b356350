import GRDB

/// Why the workspace's database did not do what was asked.
public enum StoreError: Error, Equatable, CustomStringConvertible {
  /// Another process has held the database for longer than one waits.
  case busy(path: String)
  /// Not a database, or one whose pages contradict each other.
  case damaged(path: String, reason: String)
  /// Written by a later version of this program.
  case newerSchema(path: String)
  case diskFull(path: String)
  case notWritable(path: String, reason: String)
  /// Another controller has written events of this rollout.
  case overtaken(rollout: Int64)
  case unknown(String)
  case ambiguous(String, candidates: [String])
  /// A stored value cannot be read.
  case unreadable(String)
  case failed(path: String, reason: String)

  public var description: String {
    switch self {
    case .busy(let path):
      "\(path) is in use by another process: wait for it to end and try again"
    case .damaged(let path, let reason):
      "\(path) is damaged (\(reason)): restore it, or move it away and collect again"
    case .newerSchema(let path):
      "\(path) was written by a newer version of bramble: update bramble"
    case .diskFull(let path): "no space is left for \(path): free some and try again"
    case .notWritable(let path, let reason):
      "\(path) cannot be written or opened (\(reason)): look at its owner, its rights and its folder"
    case .overtaken(let rollout):
      "another controller has taken over rollout \(rollout): this one stops"
    case .unknown(let what): "\(what) is not known in this workspace"
    case .ambiguous(let text, let candidates):
      "'\(text)' fits more than one: \(candidates.joined(separator: ", "))"
    case .unreadable(let what): "\(what) cannot be read: it was written by another version"
    case .failed(let path, let reason): "\(path): \(reason)"
    }
  }

  init(_ error: any Error, path: String) {
    guard let error = error as? DatabaseError else {
      self =
        (error as? StoreError)
        ?? (error is DecodingError
          ? .unreadable("a value in \(path)") : .failed(path: path, reason: "\(error)"))
      return
    }
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(path: path, reason: reason)
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      self = .notWritable(path: path, reason: reason)
    default: self = .failed(path: path, reason: reason)
    }
  }
}
