public import AgentProtocol
import Encoding

extension Journal {
  /// Records after `position`, oldest first, whose encodings take at most `maximumBytes`, and one at least
  /// where there is one. Records that were dropped unread appear as a gap at the place of the newest of them.
  public func collect(
    after position: JournalPosition?, maximumBytes: UInt64
  ) throws(SystemError) -> TelemetryBatch {
    var records: [TelemetryRecord] = []
    var bytes: UInt64 = 0
    var hasMore = false
    if let dropped, position.map({ $0 < dropped.last }) ?? true {
      records.append(
        TelemetryRecord(
          position: dropped.last, uptime: 0, wallClock: 0, event: .gap(count: dropped.count)))
    }
    for segment in segments {
      guard let last = segment.last, position.map({ last > $0 }) ?? true else { continue }
      if hasMore { break }
      try JournalSegment.read(segment.path) { record, _ in
        if let position, record.position <= position { return true }
        // After a kill between the note of a drop and the drop, records lie behind the gap; they count as lost.
        if let dropped = self.dropped, record.position <= dropped.last { return true }
        let size = UInt64(record.encoded().count)
        if bytes + size > maximumBytes, !records.isEmpty {
          hasMore = true
          return false
        }
        bytes += size
        records.append(record)
        return true
      }
    }
    return TelemetryBatch(records: records, hasMore: hasMore)
  }

  private var notesPath: String { "\(folder)/notes" }

  /// What was dropped and what was acknowledged, for the next life of the daemon.
  func writeNotes() throws(SystemError) {
    func value(_ position: JournalPosition?) -> CBOR {
      position.map { .array([.unsigned($0.boot), .unsigned($0.sequence)]) } ?? .null
    }
    let notes = CBOR.map([
      CBORField("acknowledged", value(acknowledged)),
      CBORField("dropped", .unsigned(dropped?.count ?? 0)),
      CBORField("last", value(dropped?.last)),
    ])
    try Files.replace(notesPath, with: notes.encoded(), mode: 0o600)
  }

  /// Notes that cannot be read are as none: the controller then gets records a second time, which it knows.
  func readNotes() throws(SystemError) {
    guard let bytes = try Files.content(of: notesPath) else { return }
    do throws(CBORError) {
      let root = CBORNode(root: try CBOR.decode(bytes, maximumItems: 64))
      acknowledged = try position(try root.field("acknowledged"))
      let count = try root.field("dropped").unsigned()
      if let last = try position(try root.field("last")), count > 0 { dropped = (count, last) }
    } catch {
      acknowledged = nil
      dropped = nil
    }
  }

  private func position(_ node: CBORNode) throws(CBORError) -> JournalPosition? {
    guard let node = node.optional() else { return nil }
    let parts = try node.elements(count: 2)
    return JournalPosition(boot: try parts[0].unsigned(), sequence: try parts[1].unsigned())
  }
}
