import AgentProtocol
import CPosix
import Encoding

/// The file `predictions`: the newest predictions in a ring of a fixed size, so that a label that arrives
/// later finds the one that it belongs to, also after a restart.
///
/// An entry has 64 bytes: position (16), variant (32), label (4; all ones for none), zeros (8), CRC-32C (4).
public final class PredictionLog {
  static let entrySize = 64
  private static let noLabel: UInt64 = 0xffff_ffff

  private let file: File
  private let capacity: UInt64
  /// How many entries were ever written, or, after a restart, as if once round: the next one goes to `written % capacity`.
  private var written: UInt64 = 0

  /// - Parameter capacity: entries kept; one a second makes 16384 last four and a half hours.
  public init(_ path: String, capacity: UInt64 = 16384) throws(SystemError) {
    self.capacity = capacity
    file = try File(path, BP_READ | BP_WRITE | BP_CREATE, mode: 0o600)
    try file.reserve(capacity * UInt64(PredictionLog.entrySize), keepSize: false)
    // The ring ends behind its newest entry.
    var newest: JournalPosition?
    var offset: UInt64 = 0
    let chunk = 256
    while offset < capacity {
      let bytes = try file.read(
        chunk * PredictionLog.entrySize, at: offset * UInt64(PredictionLog.entrySize))
      for index in 0..<bytes.count / PredictionLog.entrySize {
        guard offset + UInt64(index) < capacity,
          let entry = PredictionLog.entry(bytes, index * PredictionLog.entrySize)
        else { continue }
        if newest.map({ entry.position > $0 }) ?? true {
          newest = entry.position
          written = offset + UInt64(index) + 1
        }
      }
      offset += UInt64(chunk)
    }
  }

  struct Entry: Equatable {
    var position: PredictionID
    var variant: Digest
    var label: UInt64?
  }

  func append(_ entry: Entry) throws(SystemError) {
    var bytes = littleEndian(entry.position.boot, 8) + littleEndian(entry.position.sequence, 8)
    bytes += entry.variant.bytes
    bytes += littleEndian(min(entry.label ?? PredictionLog.noLabel, PredictionLog.noLabel), 4)
    bytes += [UInt8](repeating: 0, count: 8)
    bytes += littleEndian(UInt64(CRC32C.checksum(bytes)), 4)
    try file.write(bytes, at: (written % capacity) * UInt64(PredictionLog.entrySize))
    written += 1
  }

  /// The prediction that `position` names; `nil` when it was forgotten or never was.
  func find(_ position: PredictionID) throws(SystemError) -> Entry? {
    // Positions grow along the ring. Once it went round it begins at the next slot, which a power cut may
    // have torn: such an entry counts as older than all others.
    let slot = written % capacity
    var wentRound = written > capacity
    if !wentRound { wentRound = try read(slot) != nil }
    if !wentRound, slot + 1 < capacity { wentRound = try read(slot + 1) != nil }
    let base = wentRound ? slot : 0
    var (low, high): (UInt64, UInt64) = (0, wentRound ? capacity : min(written, capacity))
    while low < high {
      let middle = (low + high) / 2
      guard let entry = try read((base + middle) % capacity) else {
        low = middle + 1
        continue
      }
      if entry.position == position { return entry }
      if entry.position < position { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  private func read(_ index: UInt64) throws(SystemError) -> Entry? {
    PredictionLog.entry(
      try file.read(PredictionLog.entrySize, at: index * UInt64(PredictionLog.entrySize)), 0)
  }

  private static func entry(_ bytes: [UInt8], _ start: Int) -> Entry? {
    guard bytes.count >= start + entrySize else { return nil }
    let covered = Array(bytes[start..<start + entrySize - 4])
    guard UInt64(CRC32C.checksum(covered)) == number(bytes, start + entrySize - 4, 4),
      let variant = Digest(bytes: Array(covered[16..<48]))
    else { return nil }
    let label = number(covered, 48, 4)
    return Entry(
      position: PredictionID(boot: number(covered, 0, 8), sequence: number(covered, 8, 8)),
      variant: variant, label: label == noLabel ? nil : label)
  }
}
