public import AgentProtocol
import CPosix
import Encoding

/// The folder `journal`: what the device has to tell, until the controller has it, within a fixed number of
/// bytes. When they are used up the oldest records go unread, and a gap record says how many.
public final class Journal {
  let folder: String
  /// How many segments there may be.
  let limit: Int
  /// Oldest first; the last one is being written.
  var segments: [JournalSegment] = []
  /// Records that went unread: how many since the last acknowledgement, and the position of the newest of them.
  var dropped: (count: UInt64, last: JournalPosition)?
  /// Everything up to here is on the controller.
  var acknowledged: JournalPosition?
  private var current: File?
  private var unsynced = 0
  /// Where the next record goes.
  public private(set) var next: JournalPosition

  /// - Parameters:
  ///   - boot: the number of this start of the daemon, greater than that of every earlier one.
  ///   - maximumBytes: at least two segments' worth is used.
  public init(_ folder: String, boot: UInt64, maximumBytes: UInt64) throws(SystemError) {
    self.folder = folder
    limit = max(2, Int(maximumBytes / JournalSegment.size))
    next = JournalPosition(boot: boot, sequence: 1)
    try Files.makeDirectory(folder)
    try readNotes()
    for name in try Files.names(in: folder) where name.endsWith(".segment") {
      guard let number = name.pieces(between: 46)[0].decimal else { continue }
      var segment = JournalSegment(path: "\(folder)/\(name)", number: number)
      try JournalSegment.read(segment.path) { record, end in
        segment.note(record.position, end: end)
        return true
      }
      if segment.count == 0 {
        try Files.remove(segment.path)
      } else {
        segments.append(segment)
      }
    }
    segments.sort { $0.number < $1.number }
    try resume()
  }

  /// Whether the record of `position` is still here.
  func holds(_ position: JournalPosition) -> Bool {
    segments.contains { segment in
      guard let first = segment.first, let last = segment.last else { return false }
      return first <= position && position <= last
    }
  }

  /// Appends one record.
  @discardableResult
  public func append(
    _ event: TelemetryEvent, uptime: UInt64, wallClock: UInt64
  ) throws(SystemError) -> JournalPosition {
    let position = next
    let record = TelemetryRecord(
      position: position, uptime: uptime, wallClock: wallClock, event: event)
    let framed = JournalSegment.frame(record.encoded())
    if segments[segments.count - 1].end + UInt64(framed.count) > JournalSegment.size {
      try sync()
      try begin()
    }
    let index = segments.count - 1
    try current?.write(framed, at: segments[index].end)
    segments[index].note(position, end: segments[index].end + UInt64(framed.count))
    next.sequence += 1
    unsynced += 1
    return position
  }

  /// What was appended is on the disk when this returns.
  public func sync() throws(SystemError) {
    guard unsynced > 0 else { return }
    try current?.sync()
    unsynced = 0
  }

  /// The controller has everything up to and with `position`: what of it fills whole segments is dropped.
  public func acknowledge(_ position: JournalPosition) throws(SystemError) {
    if let acknowledged, position <= acknowledged { return }
    acknowledged = position
    if let dropped, dropped.last <= position { self.dropped = nil }
    try writeNotes()
    while segments.count > 1, let last = segments[0].last, last <= position {
      try Files.remove(segments.removeFirst().path)
    }
  }

  /// Goes on in the newest segment of an earlier life. Its tail is zeroed first: after a power cut whole
  /// records may lie behind a torn one, and would come back to life once that is written over.
  private func resume() throws(SystemError) {
    guard let last = segments.last, last.end + 1024 < JournalSegment.size else {
      return try begin()
    }
    let file = try File(last.path, BP_WRITE)
    try file.reserve(JournalSegment.size, keepSize: false)
    let rest = [UInt8](repeating: 0, count: Int(JournalSegment.size - last.end))
    try file.write(rest, at: last.end)
    current = file
  }

  /// Starts a new segment, whose bytes are reserved at once; takes the oldest one's place when there are enough
  /// of them or the disk is full.
  private func begin() throws(SystemError) {
    while segments.count >= limit { try dropOldest() }
    let number = (segments.last?.number ?? 0) + 1
    let path = "\(folder)/\(padded(number)).segment"
    while true {
      do throws(SystemError) {
        let file = try File(path, BP_WRITE | BP_CREATE | BP_TRUNCATE)
        try file.reserve(JournalSegment.size, keepSize: false)
        current = file
        break
      } catch {
        try Files.remove(path)
        guard error.isFull, !segments.isEmpty else { throw error }
        try dropOldest()
      }
    }
    segments.append(JournalSegment(path: path, number: number))
  }

  private func dropOldest() throws(SystemError) {
    let oldest = segments.removeFirst()
    var lost: UInt64 = 0
    var last = dropped?.last
    let known = acknowledged
    try JournalSegment.read(oldest.path) { record, _ in
      if known.map({ record.position > $0 }) ?? true {
        lost += 1
        last = record.position
      }
      return true
    }
    if lost > 0, let last { dropped = ((dropped?.count ?? 0) + lost, last) }
    // The note comes first: a kill in between counts records that are still there, never hides lost ones.
    try writeNotes()
    try Files.remove(oldest.path)
  }

  private func padded(_ number: UInt64) -> String {
    let digits = "\(number)"
    var text = ""
    for _ in digits.utf8.count..<max(10, digits.utf8.count) { text += "0" }
    return text + digits
  }
}
