import Foundation

extension Device {
  /// The process that the device's own numbering calls 1.
  var firstProcess: RunningProcess? {
    let file = folder.appendingPathComponent("first.pid")
    guard let text = try? Files.read(file), let id = Int32(text),
      let process = RunningProcess(id: id), process.arguments.contains(startScript.path)
    else { return nil }
    return process
  }

  private var serverProcess: RunningProcess? {
    let file = folder.appendingPathComponent("sshd.pid")
    guard let text = try? Files.read(file), let id = Int32(text),
      let process = RunningProcess(id: id), process.name == "sshd"
    else { return nil }
    return process
  }

  /// Every process of the device, by the numbers of this machine.
  var processes: [RunningProcess] {
    if isIsolated {
      guard let first = firstProcess, let space = first.processNamespace else { return [] }
      return RunningProcess.all.filter { $0.processNamespace == space }
    }
    let server = serverProcess.map { [$0] + RunningProcess.descendants(of: $0.id) } ?? []
    let marked = RunningProcess.all.filter { $0.environment(contains: "BRAMBLE_LAB=" + mark) }
    return Array(Set(server + marked))
  }

  /// The numbers on this machine of the device's processes that run the program `name` and one of whose
  /// arguments is `argument`. Under QEMU a program is the emulator's argument; one that was moved into
  /// place while it ran keeps its first name, with a dot before and something after.
  public func processes(named name: String, argument: String? = nil) -> [Int32] {
    processes.filter { process in
      let words = process.arguments
      let programs =
        [process.name[...]] + words.prefix(3).map { $0.split(separator: "/").last ?? "" }
      guard process.isAlive, programs.contains(where: { $0.trimmingPrefix(".").hasPrefix(name) })
      else { return false }
      return argument.map(words.contains) ?? true
    }.map(\.id).sorted()
  }

  /// Sends `signal` to the processes that ``processes(named:argument:)`` finds.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func kill(named name: String, argument: String? = nil, signal: Int32 = 9) -> Int {
    let found = processes(named: name, argument: argument)
    for id in found { RunningProcess(id: id)?.signal(signal) }
    return found.count
  }

  /// Ends the device's agent without warning: the daemon, its supervisor and the model's process alike.
  @discardableResult
  public func killAgent() -> Int { kill(named: "bramble-agent") }

  /// Runs `command` by a shell on the device over SSH, as its user, checking the host key that the lab
  /// started with.
  ///
  /// - Returns: what it wrote, without blanks at the ends.
  @discardableResult
  public func run(_ command: String) throws(LabError) -> String {
    let known = identity.deletingLastPathComponent().appendingPathComponent("known_hosts").path
    let options = [
      "IdentitiesOnly=yes", "BatchMode=yes", "ConnectTimeout=5", "StrictHostKeyChecking=yes",
      "UserKnownHostsFile=\(known)", "LogLevel=ERROR",
    ]
    return try Command(
      ["ssh", "-F", "none", "-i", identity.path, "-p", String(port)]
        + options.flatMap { ["-o", $0] } + ["\(user)@\(host)", command]
    ).check()
  }

  /// How often the kernel has made the device wait because its processor quota was used up; 0 without one.
  public var throttledPeriods: Int { quotaGroup.throttledPeriods }
}
