import AgentProtocol
import CPosix
import Encoding
import ModelFormat

// State first, then deeds.
extension Daemon {
  /// Gives an event to the slots, saves what came of it, and then acts.
  ///
  /// - Returns: the answer to a command; `nil` for an event that is none.
  @discardableResult
  func apply(_ event: SlotEvent) throws(SystemError) -> Response? {
    let effects = slots.handle(event)
    var position = journal.next
    var records: [TelemetryRecord] = []
    for effect in effects {
      guard case .record(let event) = effect else { continue }
      records.append(
        TelemetryRecord(
          position: position, uptime: bp_boot_time() / 1000, wallClock: bp_wall_time(),
          event: event))
      position.sequence += 1
    }
    if !records.isEmpty { slots.setUnrecorded(records) }
    try save()
    return try perform(effects)
  }

  /// Saves the state when it differs from the saved one by more than is worth a write.
  func save() throws(SystemError) {
    if slots.needsSaving(after: stateFile.saved) { try stateFile.save(slots.state) }
  }

  @discardableResult
  func perform(_ effects: [SlotEffect]) throws(SystemError) -> Response? {
    var response: Response?
    for effect in effects {
      switch effect {
      case .run: switchModel()
      case .record(let event):
        try record(event)
        try journal.sync()
        describe(event)
        // The rollout is over: what it sent and nobody staged has no use.
        if case .committed = event { store.fresh = [] }
      case .prune: try prune()
      case .done: response = .done
      case .refuse(let refusal): response = .refused(refusal)
      }
    }
    if !slots.state.unrecorded.isEmpty { slots.setUnrecorded([]) }
    return response
  }

  /// What was saved but not journalled when an earlier life ended is journalled now.
  func recoverUnrecorded() throws(SystemError) {
    for record in slots.state.unrecorded where !journal.holds(record.position) {
      try self.record(record.event)
    }
    slots.setUnrecorded([])
    try journal.sync()
  }

  @discardableResult
  func record(_ event: TelemetryEvent) throws(SystemError) -> JournalPosition {
    try journal.append(event, uptime: bp_boot_time() / 1000, wallClock: bp_wall_time())
  }

  /// Removes the files of variants that are no longer pinned.
  func prune(everything: Bool = false) throws(SystemError) {
    try store.prune(keeping: pinnedObjects(), everything: everything)
  }

  func pinnedObjects() -> [Digest] {
    var kept: [Digest] = []
    for digest in slots.state.pinned {
      kept.append(digest)
      do throws(Refusal) {
        kept += try Variant(digest, in: store).objects
      } catch {
        Log.line("variant \(digest.short) is pinned, but: \(error.message)")
      }
    }
    if let staging {
      kept += staging.variant.objects
      kept.append(staging.variant.manifest.package.digest)
    }
    return kept
  }

  private func describe(_ event: TelemetryEvent) {
    switch event {
    case .activated(let variant, let epoch):
      Log.line("variant \(variant.short) is on trial, epoch \(epoch.number)")
    case .committed(let variant): Log.line("variant \(variant.short) is committed")
    case .reverted(let from, let to, let reason):
      Log.line("went back from \(from.short) to \(to?.short ?? "none"): \(reason)")
    case .quarantined(let variant): Log.line("variant \(variant.short) is quarantined")
    default: break
    }
  }
}
