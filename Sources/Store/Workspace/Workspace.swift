import Foundation

/// A folder with `Inventory/` (text, to be kept under version control) and `.bramble/` (state and objects).
public struct Workspace: Hashable, Sendable {
  /// Absolute path.
  public let root: String

  /// Without a look at the disk; use ``find(from:)`` or ``create(at:)``.
  public init(root: String) { self.root = root }

  public var inventory: String { root + "/Inventory" }
  public var devices: String { inventory + "/devices" }
  public var knownHosts: String { inventory + "/known_hosts" }
  public var state: String { root + "/.bramble" }
  public var database: String { state + "/state.sqlite" }
  public var objects: String { state + "/objects" }
  var rolloutLock: String { state + "/rollout.lock" }

  /// Lays down what is missing of a workspace; what is there stays as it is.
  public static func create(at path: String) throws(WorkspaceError) -> Workspace {
    let workspace = Workspace(root: absolute(path))
    for folder in [workspace.devices, workspace.objects] {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw .cannotCreate(path: folder, reason: reason(error))
      }
    }
    let ignore = workspace.state + "/.gitignore"
    if !FileManager.default.fileExists(atPath: ignore) {
      do {
        try "*\n".write(toFile: ignore, atomically: true, encoding: .utf8)
      } catch {
        throw .cannotCreate(path: ignore, reason: reason(error))
      }
    }
    return workspace
  }

  /// The workspace that `path` lies in: the nearest folder upwards that has a `.bramble` folder.
  public static func find(from path: String) throws(WorkspaceError) -> Workspace {
    let start = absolute(path)
    var folder = URL(fileURLWithPath: start, isDirectory: true)
    while true {
      let candidate = Workspace(root: folder.path)
      var isDirectory: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate.state, isDirectory: &isDirectory),
        isDirectory.boolValue
      {
        return candidate
      }
      let parent = folder.deletingLastPathComponent().standardizedFileURL
      if parent.path == folder.path || folder.path == "/" { throw .notFound(from: start) }
      folder = parent
    }
  }

  private static func absolute(_ path: String) -> String {
    let full =
      path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    return URL(fileURLWithPath: full).standardizedFileURL.path
  }
}

/// Why a workspace cannot be used.
public enum WorkspaceError: Error, Equatable, CustomStringConvertible {
  case notFound(from: String)
  case cannotCreate(path: String, reason: String)
  /// Another process runs a rollout here.
  case rolloutRunning(process: Int32?)

  public var description: String {
    switch self {
    case .notFound(let start):
      "no workspace at \(start) or above it: run 'bramble init' in the folder that shall be one"
    case .cannotCreate(let path, let reason): "cannot create \(path): \(reason)"
    case .rolloutRunning(let process):
      "another rollout is running in this workspace"
        + (process.map { " (process \($0))" } ?? "") + ": wait for its end, or stop it"
    }
  }
}

func reason(_ error: any Error) -> String {
  let error = error as NSError
  if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError,
    cause.domain == NSPOSIXErrorDomain
  {
    return String(cString: strerror(Int32(cause.code)))
  }
  return error.localizedDescription
}
