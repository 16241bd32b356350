import AgentProtocol
import CPosix

extension Daemon {
  /// Peers at a time; more wait in the listen queue.
  static let connectionLimit = 64

  /// Waits for whatever comes next and deals with it.
  func turn() throws(SystemError) {
    var entries: [bp_poll_entry] = []
    func watch(_ fd: Int32, _ wanted: Int32) {
      entries.append(bp_poll_entry(fd: fd, wanted: wanted, ready: 0))
    }
    let open = connections.count < Daemon.connectionLimit
    watch(signals, BP_POLL_READ)
    watch(open ? controlListener : -1, BP_POLL_READ)
    watch(open ? sensorListener : -1, BP_POLL_READ)
    watch(
      model?.fd ?? -1,
      BP_POLL_READ | (model.map { !$0.outbox.isEmpty } ?? false ? BP_POLL_WRITE : 0))
    watch(staging?.fd ?? -1, BP_POLL_READ)
    watch(profiling?.fd ?? -1, BP_POLL_READ)
    let watched = connections
    for connection in watched {
      watch(
        connection.fd,
        (connection.wantsInput ? BP_POLL_READ : 0) | (connection.hasOutput ? BP_POLL_WRITE : 0))
    }
    let limit = timeout()
    let n = entries.withUnsafeMutableBufferPointer {
      bp_poll($0.baseAddress, UInt32($0.count), limit)
    }
    if n < 0, n != -BP_EINTR { throw SystemError("wait for", "sockets", code: n) }
    try tick()
    if n > 0 {
      if entries[0].ready != 0 { drainSignals() }
      if entries[1].ready != 0 { accept(controlListener, .control) }
      if entries[2].ready != 0 { accept(sensorListener, .sensor) }
      if entries[3].ready != 0 { try serveModel(entries[3].fd) }
      if entries[4].ready != 0 { try serveStaging() }
      if entries[5].ready != 0 { serveProfiling() }
      for index in watched.indices {
        let ready = entries[6 + index].ready
        if ready != 0 { try serve(watched[index], ready) }
      }
    }
    try tendModel()
    connections.removeAll { $0.isOver }
    tendProfiling()
  }

  /// Milliseconds until something has to be done even if nothing comes.
  private func timeout() -> Int32 {
    let now = bp_boot_time()
    var next = now + 1_000_000
    if let deadline = model?.deadline { next = min(next, deadline) }
    if model == nil, slots.state.active != nil { next = min(next, max(modelRetry, now)) }
    return next <= now ? 0 : Int32((next - now + 999) / 1000)
  }

  private func drainSignals() {
    var bytes: [UInt8] = []
    _ = Pipe.read(signals, into: &bytes)
    for byte in bytes where byte == UInt8(BP_SIGTERM) || byte == UInt8(BP_SIGINT) {
      shouldStop = true
    }
  }

  /// What time brings: the dead-man clock, saves, the watchdog, samples of memory.
  private func tick() throws(SystemError) {
    let now = bp_boot_time()
    let elapsed = (now - lastTick) / 1000
    guard elapsed > 0 else { return }
    lastTick += elapsed * 1000
    try apply(.elapsed(milliseconds: elapsed))
    if now - lastSync >= 5_000_000 {
      lastSync = now
      try journal.sync()
    }
    if watchdog > 0 { _ = bp_notify("WATCHDOG=1") }
    // A sample after a model's first predictions, then one a minute.
    guard let model, predictionsSinceMemory >= 3,
      lastMemory == 0 || now - lastMemory >= 60_000_000
    else { return }
    lastMemory = now
    predictionsSinceMemory = 0
    try record(
      .memory(daemon: Memory.resident(of: bp_pid()), model: Memory.resident(of: model.pid)))
  }

  private func accept(_ listener: Int32, _ kind: Connection.Kind) {
    let fd = bp_accept(listener)
    guard fd >= 0 else { return }
    let connection = Connection(number: nextConnection, kind: kind, fd: fd)
    nextConnection += 1
    connections.append(connection)
    guard kind == .control else { return }
    var uid: UInt32 = .max
    let known = bp_peer_uid(fd, &uid) == 0
    if known, uid == 0 || uid == bp_effective_uid() || controllers.contains(uid) { return }
    refuse(
      connection, 0,
      Refusal(
        .notPermitted,
        "user \(uid) may not control this agent; run 'bramble-agent setup' as that user with sudo"))
    connection.isEnding = true
  }

  private func serve(_ connection: Connection, _ ready: Int32) throws(SystemError) {
    if ready & BP_POLL_WRITE != 0 { connection.flush() }
    if ready & BP_POLL_READ != 0, connection.wantsInput {
      connection.receive()
      try readFrames(connection)
    } else if ready & BP_POLL_HANGUP != 0 {
      connection.isBroken = true
    }
  }

  private func readFrames(_ connection: Connection) throws(SystemError) {
    while true {
      let content: [UInt8]?
      do throws(FrameError) {
        content = try connection.decoder.next()
      } catch {
        refuse(connection, 0, Refusal(.malformed, error.description))
        connection.isEnding = true
        return
      }
      guard let content else { return }
      let frame: Frame<Request>
      do throws(MessageError) {
        frame = try Frame(decoding: content)
      } catch {
        refuse(connection, error.id ?? 0, Refusal(.malformed, error.description))
        continue
      }
      connection.pending += 1
      let client = Client(connection: connection.number, request: frame.id)
      try answer(frame.payload, client, connection.kind)
    }
  }

  /// An answer to what was no request.
  private func refuse(_ connection: Connection, _ request: UInt64, _ refusal: Refusal) {
    connection.pending += 1
    send(.refused(refusal), to: Client(connection: connection.number, request: request))
  }

  /// Answers a request; nothing happens when whoever asked is gone.
  func send(_ response: Response, to client: Client) {
    guard let connection = connections.first(where: { $0.number == client.connection }) else {
      return
    }
    connection.pending -= 1
    do throws(FrameError) {
      connection.send(try Frame(id: client.request, payload: response).encoded())
    } catch {
      let refusal = Refusal(.internalFailure, "the answer is too long: \(error.description)")
      connection.pending += 1
      send(.refused(refusal), to: client)
    }
  }
}
