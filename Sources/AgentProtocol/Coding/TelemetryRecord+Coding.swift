public import Encoding

extension TelemetryRecord {
  /// `[boot, sequence, uptime, wallClock, kind, [...]]`, without names: a device writes one every second.
  public var cbor: CBOR {
    .array([
      .unsigned(position.boot), .unsigned(position.sequence), .unsigned(uptime),
      .unsigned(wallClock), .unsigned(event.kind), .array(event.fields),
    ])
  }

  public init(_ node: CBORNode) throws(CBORError) {
    let parts = try node.elements(count: 6)
    self.init(
      position: JournalPosition(boot: try parts[0].unsigned(), sequence: try parts[1].unsigned()),
      uptime: try parts[2].unsigned(), wallClock: try parts[3].unsigned(),
      event: try TelemetryEvent(kind: parts[4], fields: parts[5]))
  }

  /// What the journal keeps of the record.
  public func encoded() -> [UInt8] { cbor.encoded() }

  /// From what ``encoded()`` gave.
  public init(decoding bytes: [UInt8]) throws(CBORError) {
    try self.init(CBORNode(root: try CBOR.decode(bytes, maximumItems: 64)))
  }
}

extension TelemetryBatch {
  /// Positions must ascend: what is collected twice is recognised by them.
  init(_ node: CBORNode) throws(CBORError) {
    try node.allowOnly(["records", "more"])
    var records: [TelemetryRecord] = []
    for item in try node.field("records").elements() {
      let record = try TelemetryRecord(item)
      if let last = records.last, last.position >= record.position {
        throw item.error(.invalid("records are not in order of position"))
      }
      records.append(record)
    }
    self.init(records: records, hasMore: try node.field("more").bool())
  }
}
