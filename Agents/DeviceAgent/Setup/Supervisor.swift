import CPosix

/// Starts the daemon and starts it again, where there is no systemd: later and later while it does not stay up.
public enum Supervisor {
  /// A life of this many microseconds counts as a good start.
  private static let goodLife: UInt64 = 10_000_000
  /// What the journal may take unless asked otherwise: about a day of one prediction a second.
  public static let journalBytes: UInt64 = 8 << 20
  private static let logLimit: UInt64 = 1 << 20

  /// Leaves the caller's session, so that it outlives the login that began it. The caller returns at once.
  public static func detach(_ root: Root) throws(SystemError) {
    try Files.makeDirectory(root.run)
    let child = bp_fork()
    if child < 0 { throw SystemError("start", "the supervisor", code: child) }
    if child > 0 {
      var code: Int32 = 0
      _ = bp_wait(child, 0, &code)
      return
    }
    _ = bp_new_session()
    let grandchild = bp_fork()
    if grandchild != 0 { bp_exit(grandchild < 0 ? 1 : 0) }
    bp_become_child(-1)
    _ = bp_change_directory("/")
    bp_exit(run(root, ownOutput: true))
  }

  /// - Parameter ownOutput: whether to write to the root's `log` instead of where the caller looks.
  public static func run(_ root: Root, ownOutput: Bool) -> Int32 {
    do throws(SystemError) {
      try becomeOwner(of: root)
      if ownOutput { try redirect(root) }
      let lock = try Lock(root.supervisorLock)
      let signals = bp_signals_open()
      if signals < 0 { throw SystemError("catch", "signals", code: signals) }
      let code = try supervise(root, signals, ownOutput)
      withExtendedLifetime(lock) {}
      return code
    } catch {
      Log.line(
        error.code == BP_EAGAIN ? "a supervisor runs already for \(root.path)" : error.description)
      return 1
    }
  }

  private static func supervise(
    _ root: Root, _ signals: Int32, _ ownOutput: Bool
  ) throws(SystemError) -> Int32 {
    var delay: UInt64 = 200
    while true {
      let began = bp_boot_time()
      let daemon = bp_fork()
      if daemon < 0 { throw SystemError("start", "the daemon", code: daemon) }
      if daemon == 0 {
        bp_become_child(-1)
        bp_exit(serve(root))
      }
      if let code = waitForEnd(of: daemon, signals) { return code }
      delay = bp_boot_time() - began >= goodLife ? 200 : min(delay * 2, 10_000)
      if stopAsked(within: delay, signals) { return 0 }
      if ownOutput { try redirect(root) }
    }
  }

  /// `nil` when the daemon ended by itself; the exit status when this process was asked to end.
  private static func waitForEnd(of daemon: Int32, _ signals: Int32) -> Int32? {
    while true {
      let asked = stopAsked(within: 1000, signals)
      var code: Int32 = 0
      if asked {
        _ = bp_kill(daemon, BP_SIGTERM)
        for _ in 0..<100 {
          if bp_wait(daemon, 1, &code) != 0 { return 0 }
          bp_sleep(50)
        }
        _ = bp_kill(daemon, BP_SIGKILL)
        _ = bp_wait(daemon, 0, &code)
        return 0
      }
      if bp_wait(daemon, 1, &code) != 0 {
        Log.line(
          code < 0
            ? "the daemon was ended by signal \(-code)" : "the daemon ended with status \(code)")
        return nil
      }
    }
  }

  /// Waits, or less when a child ends. True when SIGTERM or SIGINT came.
  private static func stopAsked(within milliseconds: UInt64, _ signals: Int32) -> Bool {
    var entry = bp_poll_entry(fd: signals, wanted: BP_POLL_READ, ready: 0)
    guard bp_poll(&entry, 1, Int32(milliseconds)) > 0 else { return false }
    var bytes: [UInt8] = []
    _ = Pipe.read(signals, into: &bytes)
    return bytes.contains(UInt8(BP_SIGTERM)) || bytes.contains(UInt8(BP_SIGINT))
  }

  /// The daemon's whole life in this process; the exit status.
  public static func serve(_ root: Root, journalBytes: UInt64 = journalBytes) -> Int32 {
    do throws(SystemError) {
      try Daemon(root, journalBytes: journalBytes).run()
      return 0
    } catch {
      let inUse = error.code == BP_EAGAIN && error.subject == root.daemonLock
      Log.line(inUse ? "a daemon serves \(root.path) already" : error.description)
      return 1
    }
  }

  /// Started as root for a folder that belongs to the agent's own user, it becomes that user.
  private static func becomeOwner(of root: Root) throws(SystemError) {
    var status = bp_status()
    guard bp_effective_uid() == 0, bp_stat(root.run, &status) == 0, status.uid != 0 else { return }
    let result = bp_drop_privileges(status.uid, status.gid)
    if result < 0 { throw SystemError("become", "user \(status.uid)", code: result) }
  }

  private static func redirect(_ root: Root) throws(SystemError) {
    if (Files.size(of: root.log) ?? 0) > logLimit {
      try Files.rename(root.log, to: root.log + ".old")
    }
    let log = bp_open(root.log, BP_WRITE | BP_CREATE | BP_APPEND, 0o644)
    if log < 0 { throw SystemError("open", root.log, code: log) }
    let null = bp_open("/dev/null", BP_READ, 0)
    if null >= 0 {
      _ = bp_duplicate(null, 0)
      _ = bp_close(null)
    }
    _ = bp_duplicate(log, 1)
    _ = bp_duplicate(log, 2)
    _ = bp_close(log)
  }
}
