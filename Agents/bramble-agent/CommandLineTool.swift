import DeviceAgent

/// The commands. Exit status: 0 done, 1 failed, 2 not understood.
enum CommandLineTool {
  static let usage = """
    bramble-agent \(Version.current): runs models on this device and tells how they do.

    USAGE: bramble-agent [--root DIR] COMMAND [OPTIONS]

      rpc         relay a controller's requests from the standard input to the daemon
      status      how the daemon and its variants stand
      infer       run an image or a package here, without a daemon:
                    (--image FILE | --package FILE) [--input FILE.npy|FILE.f32] [--repeat N]
                    [--decision RULE] [--output FILE] [--threads N]
                  with --profile [--repeat N] each layer is measured instead
      version     the version
      setup       install this executable under the root, start it, or bring it up to date
      start       start what 'setup' installed
      stop        end supervisor and daemon
      uninstall   stop and remove the executable; with --purge everything
      serve       the daemon, in the foreground: for systemd [--journal-bytes N]
      supervise   start the daemon and start it again whenever it ends [--foreground]

    The root is --root, $BRAMBLE_ROOT, where this executable is installed, /var/lib/bramble for
    root, or ~/.bramble. Sensor programs connect to ROOT/run/infer.sock.
    """

  static func run() -> Int32 {
    do throws(UsageError) {
      let arguments = try Arguments(Arguments.ofThisProcess)
      if arguments.flags.contains("--help") || arguments.flags.contains("-h") {
        Output.line(usage)
        return 0
      }
      if arguments.flags.contains("--version") || arguments.words.first == "version" {
        Output.line(Version.current)
        return 0
      }
      guard let command = arguments.words.first else {
        throw UsageError("no command; see --help")
      }
      return try run(command, arguments, Root.find(asked: arguments["--root"]))
    } catch {
      Output.complain(error.message)
      return 2
    }
  }

  private static func run(
    _ command: String, _ arguments: Arguments, _ root: Root
  ) throws(UsageError) -> Int32 {
    switch command {
    case "rpc":
      try arguments.allow(options: [], flags: [])
      return Relay.run(root)
    case "status":
      try arguments.allow(options: [], flags: [])
      return StatusCommand.run(root)
    case "infer":
      try arguments.allow(
        options: [
          "--image", "--package", "--input", "--repeat", "--decision", "--output", "--threads",
        ],
        flags: ["--profile"])
      return try InferCommand(arguments).run()
    case "serve":
      try arguments.allow(options: ["--journal-bytes"], flags: [])
      return try serve(arguments, root)
    case "supervise":
      try arguments.allow(options: [], flags: ["--foreground"])
      if arguments.flags.contains("--foreground") {
        return Supervisor.run(root, ownOutput: false)
      }
      return report { () throws(SystemError) in try Supervisor.detach(root) }
    case "setup":
      try arguments.allow(options: [], flags: [])
      return setup(root)
    case "start":
      try arguments.allow(options: [], flags: [])
      return report { () throws(SystemError) in try Setup(root).start() }
    case "stop":
      try arguments.allow(options: [], flags: [])
      return report { () throws(SystemError) in try Stop(root).run() }
    case "uninstall":
      try arguments.allow(options: [], flags: ["--purge"])
      let purge = arguments.flags.contains("--purge")
      return report { () throws(SystemError) in try Stop(root).uninstall(purge: purge) }
    default: throw UsageError("unknown command '\(command)'; see --help")
    }
  }

  private static func serve(_ arguments: Arguments, _ root: Root) throws(UsageError) -> Int32 {
    var journalBytes: UInt64 = Supervisor.journalBytes
    if let asked = arguments["--journal-bytes"] {
      guard let number = asked.decimal, number > 0 else {
        throw UsageError("--journal-bytes takes a number of bytes")
      }
      journalBytes = number
    }
    return Supervisor.serve(root, journalBytes: journalBytes)
  }

  private static func setup(_ root: Root) -> Int32 {
    report { () throws(SystemError) in
      let report = try Setup(root).run()
      Output.line("root=\(report.root.path)")
      Output.line("agent=\(report.root.executable)")
      Output.line("supervisor=\(report.supervisor)")
      Output.line("installation=\(report.installation)")
      Output.line("version=\(Version.current)")
    }
  }

  private static func report(_ work: () throws(SystemError) -> Void) -> Int32 {
    do throws(SystemError) {
      try work()
      return 0
    } catch {
      Output.complain(error.description)
      return 1
    }
  }
}
