import CPosix

/// The one folder that an agent writes in.
public struct Root: Equatable, Sendable {
  public var path: String

  public init(_ path: String) { self.path = path }

  /// In this order: what was asked for, `BRAMBLE_ROOT`, the folder that this executable is installed in, and
  /// the usual place: `/var/lib/bramble` for root, else `.bramble` in the home folder.
  public static func find(asked: String?) -> Root {
    if let asked { return Root(absolute(asked)) }
    if let variable = environment("BRAMBLE_ROOT"), !variable.isEmpty {
      return Root(absolute(variable))
    }
    let folder = Files.parent(of: ownExecutable)
    if Files.name(of: folder) == "bin" {
      let root = Root(Files.parent(of: folder))
      if Files.exists(root.installation) { return root }
    }
    if bp_effective_uid() == 0 { return Root("/var/lib/bramble") }
    return Root((environment("HOME") ?? "") + "/.bramble")
  }

  public var objects: String { "\(path)/objects" }
  public var state: String { "\(path)/state" }
  public var journal: String { "\(path)/journal" }
  public var predictions: String { "\(path)/predictions" }
  public var run: String { "\(path)/run" }
  public var controlSocket: String { "\(path)/run/control.sock" }
  public var inferenceSocket: String { "\(path)/run/infer.sock" }
  public var daemonLock: String { "\(path)/run/daemon.pid" }
  public var supervisorLock: String { "\(path)/run/supervisor.pid" }
  public var executable: String { "\(path)/bin/bramble-agent" }
  /// The UUID and the board's serial number at the time that it was made.
  public var installation: String { "\(path)/installation" }
  /// User identifiers that may use the control socket, one a line, beside root and the agent's own.
  public var controllers: String { "\(path)/controllers" }
  public var log: String { "\(path)/log" }

  /// Where this executable lies.
  static var ownExecutable: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let n = buffer.withUnsafeMutableBufferPointer {
      bp_read_link("/proc/self/exe", $0.baseAddress, UInt32($0.count))
    }
    return n < 0 ? "" : string(buffer)
  }

  static func environment(_ name: String) -> String? { string(bp_environment(name)) }

  private static func absolute(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.endsWith("/") { path.removeLast() }
    if path.startsWith("/") { return path }
    var buffer = [CChar](repeating: 0, count: 4096)
    let n = buffer.withUnsafeMutableBufferPointer {
      bp_read_link("/proc/self/cwd", $0.baseAddress, UInt32($0.count))
    }
    return n < 0 ? path : string(buffer) + "/" + path
  }
}
