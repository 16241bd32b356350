import Foundation

extension Device {
  /// Cuts the device off. One with a network of its own keeps its connections, silent; another loses
  /// its SSH server and every connection at once. What else runs there goes on.
  public func unplug() throws(LabError) {
    if let link { return try link.set(up: false) }
    for process in processes where process.name.hasPrefix("sshd") { process.signal(SIGKILL) }
  }

  public func replug() throws(LabError) {
    if let link { try link.set(up: true) } else { try startServer() }
    try awaitGreeting()
  }

  /// Another host key, as after a new card or somebody in the middle. Connections are lost.
  public func changeHostKey() throws(LabError) {
    try makeHostKey()
    for process in processes where process.name.hasPrefix("sshd") { process.signal(SIGKILL) }
    try startServer()
    try awaitGreeting()
  }

  /// Everything on the device ends at once. What is on its disk stays, unless ``LabDevice/disk`` made
  /// that one of memory.
  public func powerCut() {
    for _ in 0..<100 {
      let running = processes.filter(\.isAlive)
      if running.isEmpty { return }
      // The end of a namespace's first process is the end of all of it.
      for process in isIsolated ? [firstProcess].compactMap(\.self) : running {
        process.signal(SIGKILL)
      }
      for _ in 0..<20 where running.contains(where: \.isAlive) { usleep(10_000) }
    }
  }

  /// Starts the device again after ``powerCut()``.
  public func boot() throws(LabError) {
    try start()
    try awaitGreeting()
  }

  /// Gives everything on the device only `share` of one core from now on, as heat or a weak power supply do.
  public func throttle(to share: Double) throws(LabError) {
    guard isIsolated else { throw .needsRoot(device: name, what: "a processor quota") }
    try quotaGroup.make(share: share)
    // Twice, for what was started while the first pass went on. One that has ended by now refuses, rightly.
    for process in processes + processes {
      try Command("sh", "-c", "echo \(process.id) > \(quotaGroup.members)").run()
    }
  }

  /// Fills the disk, so that about `bytes` are left.
  public func fillDisk(leaving bytes: Int = 0) throws(LabError) {
    guard disk != nil else {
      throw .badWish("device \(name) has no disk of its own to fill; wish for one with `disk:`")
    }
    let free = try freeBytes() - bytes
    guard free > 0 else { return }
    try Files.fill(filler, bytes: free)
  }

  /// Takes away what ``fillDisk(leaving:)`` wrote.
  public func freeDisk() throws(LabError) { try Files.remove(filler) }

  private var filler: URL { root.appendingPathComponent("disk/filler") }

  private func freeBytes() throws(LabError) -> Int {
    let path = root.appendingPathComponent("disk").path
    var facts = statvfs()
    guard statvfs(path, &facts) == 0 else {
      throw .fileSystem(path: path, reason: String(cString: strerror(errno)))
    }
    return Int(facts.f_bavail) * Int(facts.f_frsize)
  }

  func awaitGreeting() throws(LabError) {
    for _ in 0..<300 {
      if isReachable { return }
      usleep(50_000)
    }
    throw .notReachable(device: name, log: (try? Files.read(log)) ?? "nothing")
  }
}
