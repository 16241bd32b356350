import AgentProtocol
import CPosix
import Encoding
import Inference

extension Daemon {
  /// Carries out a request; some are answered later.
  func answer(
    _ request: Request, _ client: Client, _ kind: Connection.Kind
  ) throws(SystemError) {
    let arrived = bp_boot_time()
    if kind == .sensor {
      switch request {
      case .predict, .feedback, .status: break
      default:
        return send(
          .refused(
            Refusal(.notPermitted, "sensor programs may ask for predict, feedback and status")),
          to: client)
      }
    }
    switch request {
    case .hello(let version):
      guard version == ProtocolVersion.current else {
        return send(
          .refused(
            Refusal(
              .unsupportedProtocol,
              "this agent (\(Version.current)) speaks protocol \(ProtocolVersion.current), "
                + "not \(version); install the matching agent")), to: client)
      }
      let facts = DeviceFacts.read(root, installation: installation.identifier)
      send(.hello(facts, protocolVersion: ProtocolVersion.current), to: client)
    case .status: send(.status(status()), to: client)
    case .holdings(let objects):
      send(.holdings(objects.map { store.holding($0) }), to: client)
    case .upload(let object, let total, let offset, let bytes):
      do throws(Refusal) {
        let received = try store.receive(
          object, total: total, offset: offset, bytes: bytes, pinned: pinnedObjects())
        send(.received(bytes: received), to: client)
      } catch {
        send(.refused(error), to: client)
      }
    case .stage(let variant, let epoch): try stage(variant, epoch, client)
    case .activate(let variant, let terms, let epoch):
      try command(.activate(variant, terms: terms, epoch: epoch), client)
    case .commit(let variant, let epoch): try command(.commit(variant, epoch: epoch), client)
    case .revert(let reason, let epoch):
      try command(.revert(reason: reason, epoch: epoch), client)
    case .keepAlive(let epoch): try command(.keepAlive(epoch: epoch), client)
    case .probe(let variant, let predictions, let epoch):
      try beginProbe(variant, predictions, epoch, client)
    case .collect(let position, let maximumBytes):
      let limit = min(maximumBytes, 512 << 10)
      send(.telemetry(try journal.collect(after: position, maximumBytes: limit)), to: client)
    case .acknowledge(let position):
      try journal.acknowledge(position)
      send(.done, to: client)
    case .predict(let input):
      let source: PredictionSource = kind == .sensor ? .sensor : .controller
      predict(Job(source: source, input: input, arrived: arrived, client: client, expected: nil))
    case .feedback(let prediction, let label): try feedback(prediction, label, client)
    case .profile(let variant, let runs, let milliseconds):
      try beginProfile(variant, runs: runs, milliseconds: milliseconds, client)
    }
  }

  private func command(_ event: SlotEvent, _ client: Client) throws(SystemError) {
    if let response = try apply(event) { send(response, to: client) }
  }

  func status() -> DeviceStatus {
    let state = slots.state
    return DeviceStatus(
      phase: state.phase, active: state.active,
      previous: state.trial == nil ? state.previous : state.trial?.fallback,
      staged: state.staged, quarantined: state.quarantined, epoch: state.epoch,
      lastReversal: state.lastReversal, daemonMemory: Memory.resident(of: bp_pid()),
      modelMemory: model.map { Memory.resident(of: $0.pid) } ?? 0,
      uptime: (bp_boot_time() - started) / 1000, starts: state.starts)
  }

  private func feedback(
    _ prediction: PredictionID, _ label: UInt64, _ client: Client
  ) throws(SystemError) {
    let known = try predictions.find(prediction)
    try record(
      .feedback(
        prediction: prediction, variant: known?.variant, predicted: known?.label, label: label))
    send(.done, to: client)
  }
}
