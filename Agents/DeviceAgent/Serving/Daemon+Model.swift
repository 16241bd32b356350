import AgentProtocol
import CPosix
import Encoding
import ModelFormat

extension Daemon {
  /// Predictions that may wait.
  static let queueLimit = 64
  /// Patience with a prediction where the terms name none, in microseconds.
  static let defaultHangLimit: UInt64 = 10_000_000

  /// The active variant changed, or the daemon starts: whatever else runs is ended when it is done.
  func switchModel() {
    modelFailures = 0
    modelRetry = 0
    predictionsSinceMemory = 0
    lastMemory = 0
  }

  /// Starts, ends and feeds the model's process as the slots and the clock ask for.
  func tendModel() throws(SystemError) {
    let now = bp_boot_time()
    let wanted = slots.state.active
    if let model {
      if let deadline = model.deadline, now >= deadline {
        let limit = model.job == nil ? ModelProcess.loadingLimit : hangLimit
        _ = model.end()
        try lose(model, "no answer for \(limit / 1000) ms")
      } else if model.variant.digest != wanted, model.job == nil {
        _ = model.end()
        self.model = nil
      }
    }
    cancelStaleProbe()
    guard let wanted else { return refuseQueue() }
    if model == nil, now >= modelRetry { try startModel(wanted) }
    guard let model, model.isIdle, model.variant.digest == wanted else { return }
    if let job = nextJob() { model.begin(job, limit: hangLimit) }
  }

  var hangLimit: UInt64 {
    slots.state.terms.hangLimit == 0 ? Daemon.defaultHangLimit : slots.state.terms.hangLimit
  }

  private func nextJob() -> Job? {
    if !queue.isEmpty { return queue.removeFirst() }
    return probe?.next()
  }

  private func startModel(_ digest: Digest) throws(SystemError) {
    let variant: Variant
    do throws(Refusal) {
      variant = try Variant(digest, in: store)
    } catch {
      backOff()
      try apply(.damaged(digest, reason: error.message))
      return
    }
    model = try ModelProcess(variant, in: store)
  }

  /// After the first failure at once, then later and later, half a minute at most.
  private func backOff() {
    modelFailures += 1
    let exponent = min(modelFailures - 1, 9)
    let delay = modelFailures == 1 ? 0 : UInt64(100_000) << exponent
    modelRetry = bp_boot_time() + min(delay, 30_000_000)
  }

  /// The model's process has something to say, or has ended.
  func serveModel(_ fd: Int32) throws(SystemError) {
    guard let model, model.fd == fd else { return }
    model.flush()
    let isAlive = model.receive()
    while let content = Pipe.next(&model.inbox) {
      guard let message = ModelMessage(decoding: content) else {
        _ = model.end()
        return try lose(model, "it sent what no model sends")
      }
      if try !take(message, from: model) { return }
    }
    if !isAlive { try lose(model, model.end()) }
  }

  /// False when the process is done with.
  private func take(
    _ message: ModelMessage, from model: ModelProcess
  ) throws(SystemError) -> Bool {
    switch message {
    case .ready:
      model.finish()
    case .damaged(let reason):
      _ = model.end()
      self.model = nil
      backOff()
      try store.remove(model.variant.image.digest)
      try apply(.damaged(model.variant.digest, reason: reason))
      return false
    case .unusable(let reason):
      _ = model.end()
      try lose(model, reason)
      return false
    case .answer(let inference, let label, let output):
      guard let job = model.job else { return true }
      model.finish()
      modelFailures = 0
      try complete(job, model.variant, inference, label, output)
    case .wrongInput(let reason):
      guard let job = model.job else { return true }
      model.finish()
      if let client = job.client {
        send(.refused(Refusal(.wrongInput, reason)), to: client)
      } else {
        endProbe(.refused(Refusal(.damagedObject, "the probe set does not fit: \(reason)")))
      }
    }
    return true
  }

  /// The model's process is gone, and with it the prediction that it was making.
  private func lose(_ model: ModelProcess, _ reason: String) throws(SystemError) {
    self.model = nil
    backOff()
    let variant = model.variant.digest
    let job = model.job
    let source = job?.source ?? (probe == nil ? .sensor : .probe)
    let what = job == nil ? "the model could not be loaded" : "the model failed"
    try record(.failure(variant: variant, source: source, reason: "\(what): \(reason)"))
    Log.line("variant \(variant.short): \(what): \(reason)")
    if let client = job?.client {
      send(.refused(Refusal(.modelFailed, "\(what): \(reason)")), to: client)
    } else if job != nil || probe != nil {
      failProbe("\(what): \(reason)")
    }
    try apply(.modelFailed(variant, reason: reason))
  }

  private func refuseQueue() {
    for job in queue {
      if let client = job.client {
        send(.refused(Refusal(.noActiveVariant, "no variant is active on this device")), to: client)
      }
    }
    queue = []
  }
}
