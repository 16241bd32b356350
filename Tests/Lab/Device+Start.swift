import Foundation

extension Device {
  var startScript: URL { folder.appendingPathComponent("start.sh") }

  /// Makes everything that lies on this machine; done once.
  func install(authorizedKey: String) throws(LabError) {
    try Files.makeFolder(folder)
    try Files.makeFolder(homeFolder)
    try makeHostKey()
    try Files.write(
      authorizedKey + "\n", to: folder.appendingPathComponent("authorized_keys"))
    try Files.write(serverConfiguration, to: configuration)
    guard isIsolated else { return }
    for file in ["passwd", "group", "shadow"] {
      try Files.write(accounts(file), to: folder.appendingPathComponent(file))
    }
    try RootFileSystem(device: self).make()
    try Files.write(RootFileSystem(device: self).startScript, to: startScript, mode: 0o755)
  }

  func makeHostKey() throws(LabError) {
    try Files.remove(hostKeyFile)
    try Files.remove(hostKeyFile.appendingPathExtension("pub"))
    try Command(
      "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", hostKeyFile.path
    ).check()
  }

  /// Starts the namespaces, where there are any, and the SSH server.
  func start() throws(LabError) {
    guard isIsolated else { return try startServer() }
    try Files.remove(folder.appendingPathComponent("first.pid"))
    var words: [String] = []
    if let link { words += ["ip", "netns", "exec", link.name] }
    words += [
      "unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--propagation", "private",
    ]
    words += ["/bin/sh", startScript.path]
    let join = quotaGroup.exists ? "echo $$ > \(quotaGroup.members) && " : ""
    let start = "\(join)exec \(words.map { "'\($0)'" }.joined(separator: " "))"
    let output = folder.appendingPathComponent("start.log").path
    try Command(
      "setsid", "--fork", "sh", "-c", "exec </dev/null >'\(output)' 2>&1; \(start)"
    ).check()
  }

  func startServer() throws(LabError) {
    guard let server = Command.find("sshd") else { throw .missingProgram("openssh-server") }
    var command = Command(server, "-f", configuration.path, "-E", log.path)
    if isIsolated {
      guard let first = firstProcess else { throw .notReachable(device: name, log: "it is off") }
      let flags = ["--target", String(first.id), "--mount", "--pid", "--uts", "--ipc", "--net"]
      command = Command(["nsenter"] + flags + ["--"] + command.words)
    }
    try command.check()
  }

  private var serverConfiguration: String {
    var lines = [
      "Port \(port)",
      "ListenAddress \(host)",
      "HostKey \(hostKeyFile.path)",
      "PidFile \(folder.path)/sshd.pid",
      "AuthorizedKeysFile \(folder.path)/authorized_keys",
      "StrictModes no",
      "UsePAM no",
      "UseDNS no",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitRootLogin prohibit-password",
      "PrintMotd no",
      "AllowTcpForwarding no",
      "MaxStartups 200",
      "MaxSessions 64",
      "LogLevel INFO",
    ]
    var environment = ["BRAMBLE_LAB=\(mark)"]
    if let processor = userland.emulation?.processor { environment.append("QEMU_CPU=\(processor)") }
    if isIsolated {
      lines.append("ChrootDirectory \(folder.path)/root")
    } else {
      environment.append("HOME=\(home)")
      environment.append("BRAMBLE_ROOT=\(folder.path)/root/var/lib/bramble")
    }
    lines.append("SetEnv " + environment.joined(separator: " "))
    return lines.joined(separator: "\n") + "\n"
  }

  /// The device's own users, in place of this machine's.
  private func accounts(_ file: String) -> String {
    switch file {
    case "passwd":
      """
      root:*:0:0:root:/root:/bin/sh
      sshd:*:100:65534::/run/sshd:/usr/sbin/nologin
      pi:*:1000:1000::/home/pi:/bin/sh
      nobody:*:65534:65534:nobody:/nonexistent:/usr/sbin/nologin

      """
    case "group": "root:x:0:\npi:x:1000:\nnogroup:x:65534:\n"
    default: "root:*:19000::::::\nsshd:*:19000::::::\npi:*:19000::::::\nnobody:*:19000::::::\n"
    }
  }
}
