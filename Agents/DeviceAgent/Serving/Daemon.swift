import AgentProtocol
import CPosix
import Encoding

/// The process that owns everything under ``Root``: one thread, one loop around `poll`.
///
/// What takes long happens elsewhere: predictions in the model's process, the making of images in a staging process. So a
/// sensor program is answered between two predictions of a long probe, and a model that hangs or dies is an event.
public final class Daemon {
  let root: Root
  let installation: Installation
  let lock: Lock
  let stateFile: StateFile
  let store: ObjectStore
  let journal: Journal
  let predictions: PredictionLog
  var slots: Slots

  var signals: Int32 = -1
  var controlListener: Int32 = -1
  var sensorListener: Int32 = -1
  var connections: [Connection] = []
  var nextConnection: UInt64 = 1
  /// Users that may use the control socket, beside root and the agent's own.
  var controllers: [UInt32] = []

  var model: ModelProcess?
  /// Failures of the model's process in a row, and when to start it again.
  var modelFailures: UInt64 = 0
  var modelRetry: UInt64 = 0
  var staging: StagingProcess?
  var profiling: ProfilingProcess?
  /// Predictions that wait for the model; those of sensors go before the probe set's.
  var queue: [Job] = []
  var probe: ProbeRun?
  var probed: ProbeProgress?

  let started: UInt64
  /// When the loop last passed, saved what only wears, and sampled memory.
  var lastTick: UInt64
  var lastSync: UInt64 = 0
  var lastMemory: UInt64 = 0
  var predictionsSinceMemory: UInt64 = 0
  var shouldStop = false
  let watchdog: UInt64

  /// Opens everything; the loop has not begun yet.
  ///
  /// - Throws: above all when another daemon has the same root.
  public init(_ root: Root, journalBytes: UInt64) throws(SystemError) {
    self.root = root
    try Files.makeDirectory(root.path)
    try Files.makeDirectory(root.run)
    lock = try Lock(root.daemonLock)
    installation = try Installation(root)
    stateFile = try StateFile(root.state)
    if let damage = stateFile.damage { Log.line(damage) }
    slots = Slots(stateFile.saved)
    let effects = slots.handle(
      .started(bootIdentifier: Files.text(of: "/proc/sys/kernel/random/boot_id")))
    // The boot's number must be on the disk before a record bears it.
    try stateFile.save(slots.state)
    store = try ObjectStore(root.objects)
    journal = try Journal(root.journal, boot: slots.state.boot, maximumBytes: journalBytes)
    predictions = try PredictionLog(root.predictions)
    started = bp_boot_time()
    lastTick = started
    watchdog = Root.environment("WATCHDOG_USEC")?.decimal ?? 0
    signals = bp_signals_open()
    if signals < 0 { throw SystemError("catch", "signals", code: signals) }
    try recoverUnrecorded()
    try record(.started(agentVersion: Version.current, starts: slots.state.starts))
    try perform(effects)
    try readControllers()
    controlListener = try Daemon.listen(root.controlSocket)
    sensorListener = try Daemon.listen(root.inferenceSocket)
  }

  /// Works until SIGTERM or SIGINT.
  public func run() throws(SystemError) {
    _ = bp_notify("READY=1")
    Log.line("serving \(root.path), version \(Version.current), start \(slots.state.boot)")
    while !shouldStop {
      try turn()
    }
    try save()
    try journal.sync()
    model.map { _ = $0.end() }
    staging?.end()
    profiling?.end()
    _ = bp_unlink(root.controlSocket)
    _ = bp_unlink(root.inferenceSocket)
  }

  /// Both sockets may be connected to by every user; whoever comes to the control socket is checked by name.
  private static func listen(_ path: String) throws(SystemError) -> Int32 {
    let fd = bp_listen_unix(path, 0o666)
    if fd < 0 { throw SystemError("listen on", path, code: fd) }
    _ = bp_set_nonblocking(fd)
    return fd
  }

  func readControllers() throws(SystemError) {
    let text = Files.text(of: root.controllers)
    controllers = text.pieces(between: 10).compactMap { $0.trimmed.decimal }
      .compactMap { UInt32(exactly: $0) }
  }
}
