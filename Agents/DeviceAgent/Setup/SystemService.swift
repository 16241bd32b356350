import CPosix

/// The agent as a service of systemd.
enum SystemService {
  static let unitPath = "/etc/systemd/system/bramble-agent.service"

  /// Whether this process may install a service, and systemd is there to run it.
  static var isAvailable: Bool {
    bp_effective_uid() == 0 && Files.exists("/run/systemd/system")
      && Tool.path(of: "systemctl") != nil
  }

  /// Writes the unit, and starts or restarts it. False when systemd refused.
  static func install(_ root: Root, user: String) throws(SystemError) -> Bool {
    try Files.replace(unitPath, with: Array(unit(root, user: user).utf8))
    return Tool.run("systemctl", ["daemon-reload"]) == 0
      && Tool.run("systemctl", ["enable", "bramble-agent.service"]) == 0
      && Tool.run("systemctl", ["restart", "bramble-agent.service"]) == 0
  }

  static func stop() { _ = Tool.run("systemctl", ["stop", "bramble-agent.service"]) }

  static func start() -> Bool { Tool.run("systemctl", ["start", "bramble-agent.service"]) == 0 }

  static func remove() throws(SystemError) {
    _ = Tool.run("systemctl", ["disable", "--now", "bramble-agent.service"])
    try Files.remove(unitPath)
    _ = Tool.run("systemctl", ["daemon-reload"])
  }

  /// As `Agents/systemd/bramble-agent.service`, with this root and user.
  static func unit(_ root: Root, user: String) -> String {
    """
    [Unit]
    Description=Bramble agent: runs models and tells how they do
    After=local-fs.target
    StartLimitIntervalSec=0

    [Service]
    Type=notify
    NotifyAccess=main
    ExecStart=\(root.executable) --root \(root.path) serve
    User=\(user)
    Restart=always
    RestartSec=2
    WatchdogSec=60
    OOMPolicy=continue
    NoNewPrivileges=yes
    ProtectSystem=strict
    ProtectHome=\(root.path.startsWith("/home/") || root.path.startsWith("/root/") ? "no" : "yes")
    PrivateTmp=yes
    PrivateNetwork=yes
    PrivateDevices=yes
    ProtectKernelTunables=yes
    ProtectKernelModules=yes
    ProtectControlGroups=yes
    RestrictAddressFamilies=AF_UNIX
    RestrictNamespaces=yes
    RestrictRealtime=yes
    RestrictSUIDSGID=yes
    LockPersonality=yes
    CapabilityBoundingSet=
    ReadWritePaths=\(root.path)

    [Install]
    WantedBy=multi-user.target

    """
  }
}
