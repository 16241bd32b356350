import AgentProtocol
import CPosix

/// What `setup` does after the executable reached the device: folder, user, service. Doing it again brings the
/// agent up to date and keeps its state.
public struct Setup {
  let root: Root

  public init(_ root: Root) { self.root = root }

  /// What the controller wants to know afterwards.
  public struct Report: Sendable {
    public var root: Root
    public var supervisor: String
    public var installation: String
  }

  public func run() throws(SystemError) -> Report {
    try makeFolders(root.path)
    try Files.makeDirectory("\(root.path)/bin")
    for folder in [root.objects, root.journal, root.run] { try Files.makeDirectory(folder) }
    try copyExecutable()
    let installation = try Installation(root)
    try allowController()
    let user = try giveToOwnUser()
    var supervisor = "own"
    if SystemService.isAvailable, root.path == "/var/lib/bramble" {
      try Stop(root).run()
      if try SystemService.install(root, user: user) {
        supervisor = "systemd"
      } else {
        try SystemService.remove()
      }
    }
    if supervisor == "own" {
      try Stop(root).run()
      try Supervisor.detach(root)
    }
    try waitForDaemon()
    return Report(root: root, supervisor: supervisor, installation: installation.identifier)
  }

  /// Starts what was set up earlier.
  public func start() throws(SystemError) {
    guard Files.exists(root.installation) else {
      throw SystemError("find an installation in", root.path, code: BP_ENOENT)
    }
    if Lock.holder(of: root.daemonLock) == nil {
      if !SystemService.isAvailable || !Files.exists(SystemService.unitPath)
        || !SystemService.start()
      {
        try Supervisor.detach(root)
      }
    }
    try waitForDaemon()
  }

  private func makeFolders(_ path: String) throws(SystemError) {
    if Files.exists(path) { return }
    try makeFolders(Files.parent(of: path))
    try Files.makeDirectory(path)
  }

  /// Puts this very executable in its place in one step; a running one goes on with the old file.
  private func copyExecutable() throws(SystemError) {
    let own = Root.ownExecutable
    if own == root.executable { return }
    guard let bytes = try Files.content(of: own, atMost: 16 << 20) else {
      throw SystemError("read", own, code: BP_ENOENT)
    }
    try Files.replace(root.executable, with: bytes, mode: 0o755)
    let result = bp_change_mode(root.executable, 0o755)
    if result < 0 { throw SystemError("make executable", root.executable, code: result) }
    if own.endsWith(".new") { try Files.remove(own) }
  }

  /// Whoever sets the agent up may control it: with sudo that is the user behind it.
  private func allowController() throws(SystemError) {
    let uid = Root.environment("SUDO_UID")?.decimal ?? UInt64(bp_effective_uid())
    let text = Files.text(of: root.controllers)
    if text.pieces(between: 10).contains(where: { $0.trimmed.decimal == uid }) { return }
    let lines = (text.isEmpty ? "" : text + "\n") + "\(uid)\n"
    try Files.replace(root.controllers, with: Array(lines.utf8))
  }

  /// As root: makes the user `bramble` where the system can, and gives it everything but the executable.
  private func giveToOwnUser() throws(SystemError) -> String {
    guard bp_effective_uid() == 0 else { return "" }
    guard root.path == "/var/lib/bramble" else { return "root" }
    if Account.find("bramble") == nil {
      let made = Tool.run(
        "useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "bramble"])
      if made != 0 { _ = Tool.run("adduser", ["-S", "-D", "-H", "bramble"]) }
    }
    guard let account = Account.find("bramble") else { return "root" }
    for name in try Files.names(in: root.path) where name != "bin" {
      try give("\(root.path)/\(name)", account)
    }
    let result = bp_change_owner(root.path, account.uid, account.gid)
    if result < 0 { throw SystemError("give away", root.path, code: result) }
    return "bramble"
  }

  private func give(_ path: String, _ account: Account) throws(SystemError) {
    let result = bp_change_owner(path, account.uid, account.gid)
    if result < 0 { throw SystemError("give away", path, code: result) }
    var status = bp_status()
    guard bp_stat(path, &status) == 0, status.kind == BP_KIND_DIRECTORY else { return }
    for name in try Files.names(in: path) { try give("\(path)/\(name)", account) }
  }

  /// The installation is good when the daemon answers.
  private func waitForDaemon() throws(SystemError) {
    var last = SystemError("reach the daemon at", root.controlSocket, code: 110)
    for _ in 0..<300 {
      do throws(SystemError) {
        let client = try ControlClient(root.controlSocket)
        if client.ask(.status, milliseconds: 10_000) != nil { return }
      } catch {
        last = error
      }
      bp_sleep(100)
    }
    throw last
  }
}
