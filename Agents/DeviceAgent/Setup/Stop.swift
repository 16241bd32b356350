import CPosix

/// Ends the agent of one root, whoever keeps it running.
public struct Stop {
  let root: Root

  public init(_ root: Root) { self.root = root }

  /// When this returns, neither supervisor nor daemon runs.
  public func run() throws(SystemError) {
    if SystemService.isAvailable, root.path == "/var/lib/bramble",
      Files.exists(SystemService.unitPath)
    {
      SystemService.stop()
    }
    for lock in [root.supervisorLock, root.daemonLock] { try end(lock) }
  }

  /// Also removes the executable and the service; with `purge` everything else too.
  public func uninstall(purge: Bool) throws(SystemError) {
    try run()
    if SystemService.isAvailable, root.path == "/var/lib/bramble",
      Files.exists(SystemService.unitPath)
    {
      try SystemService.remove()
    }
    if purge {
      try remove(root.path)
    } else {
      try Files.remove(root.executable)
    }
  }

  private func end(_ lock: String) throws(SystemError) {
    guard let pid = Lock.holder(of: lock) else { return }
    let result = bp_kill(pid, BP_SIGTERM)
    if result < 0, result != -3 { throw SystemError("end", "process \(pid)", code: result) }
    for _ in 0..<200 {
      if Lock.holder(of: lock) == nil { return }
      bp_sleep(50)
    }
    _ = bp_kill(pid, BP_SIGKILL)
    for _ in 0..<40 {
      if Lock.holder(of: lock) == nil { return }
      bp_sleep(50)
    }
    throw SystemError("end", "process \(pid)", code: 16)
  }

  private func remove(_ path: String) throws(SystemError) {
    var status = bp_status()
    guard bp_stat(path, &status) == 0, status.kind == BP_KIND_DIRECTORY else {
      return try Files.remove(path)
    }
    for name in try Files.names(in: path) { try remove("\(path)/\(name)") }
    let result = bp_remove_directory(path)
    if result < 0 { throw SystemError("remove", path, code: result) }
  }
}
