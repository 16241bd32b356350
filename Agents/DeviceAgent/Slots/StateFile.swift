import CPosix
import Encoding

/// The file `state`: two records of a fixed size, written in turn, so that a write that is cut short spoils
/// the older one only. The file has its full size from the beginning and saving never needs room.
///
/// A record: magic, sequence (8 bytes), length (4), CRC-32C of what follows the CRC and of the sequence and
/// length (4), then the CBOR of the state and zeros. Numbers are little-endian.
public final class StateFile {
  public static let recordSize = 8192
  static let headerSize = 20
  static let magic: [UInt8] = [0x42, 0x52, 0x53, 0x31]  // BRS1

  private let file: File
  private var sequence: UInt64
  /// What was saved last.
  public private(set) var saved: SlotState
  /// What was wrong with the file when it was opened: `nil` unless neither record could be read.
  public let damage: String?

  /// Opens or makes the file. When neither record can be read, the device starts with an empty state, since
  /// an agent that does not start could not even be repaired from afar; the old file stays as `state.damaged`.
  public init(_ path: String) throws(SystemError) {
    var damage: String?
    if let size = Files.size(of: path) {
      let old = try File(path, BP_READ)
      let bytes = try old.read(2 * StateFile.recordSize, at: 0)
      let records = [
        StateFile.record(bytes, 0), StateFile.record(bytes, StateFile.recordSize),
      ]
      let newest = records.compactMap { $0 }.max { $0.sequence < $1.sequence }
      if size == UInt64(2 * StateFile.recordSize), let newest {
        file = try File(path, BP_READ | BP_WRITE)
        sequence = newest.sequence
        saved = newest.state
        self.damage = nil
        return
      }
      damage = "neither record of \(path) could be read; it was kept as \(path).damaged"
      try Files.rename(path, to: path + ".damaged")
    }
    saved = SlotState()
    sequence = 1
    let first =
      StateFile.encode(saved, sequence: 1)
      + [UInt8](repeating: 0, count: StateFile.recordSize)
    try Files.replace(path, with: first, mode: 0o600)
    file = try File(path, BP_READ | BP_WRITE)
    self.damage = damage
  }

  /// When this returns, the state is on the disk.
  public func save(_ state: SlotState) throws(SystemError) {
    let next = sequence + 1
    let slot = next % 2 == 1 ? 0 : StateFile.recordSize
    try file.write(StateFile.encode(state, sequence: next), at: UInt64(slot))
    try file.sync()
    sequence = next
    saved = state
  }

  /// One record. A state that does not fit gives up what explains, never what decides.
  static func encode(_ state: SlotState, sequence: UInt64) -> [UInt8] {
    var payload = state.encoded()
    if payload.count > recordSize - headerSize {
      var smaller = state
      smaller.unrecorded = []
      payload = smaller.encoded()
    }
    precondition(payload.count <= recordSize - headerSize, "a slot state is bounded")
    let covered = littleEndian(sequence, 8) + littleEndian(UInt64(payload.count), 4)
    var record = magic + covered
    record += littleEndian(UInt64(CRC32C.checksum(covered + payload)), 4)
    record += payload
    record += [UInt8](repeating: 0, count: recordSize - record.count)
    return record
  }

  /// The record at `start`, when it is whole.
  static func record(_ bytes: [UInt8], _ start: Int) -> (sequence: UInt64, state: SlotState)? {
    guard bytes.count >= start + recordSize, Array(bytes[start..<start + 4]) == magic else {
      return nil
    }
    let sequence = number(bytes, start + 4, 8)
    let length = Int(number(bytes, start + 12, 4) & 0x7fff_ffff)
    guard length <= recordSize - headerSize else { return nil }
    let payload = Array(bytes[start + headerSize..<start + headerSize + length])
    let covered = Array(bytes[start + 4..<start + 16])
    guard UInt64(CRC32C.checksum(covered + payload)) == number(bytes, start + 16, 4) else {
      return nil
    }
    do throws(CBORError) {
      return (sequence, try SlotState(decoding: payload))
    } catch {
      return nil
    }
  }
}

/// The low `count` bytes of `number`.
func littleEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
  return bytes
}

/// `count` bytes at `start` as a number.
func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt64 {
  var value: UInt64 = 0
  for index in 0..<count { value |= UInt64(bytes[start + index]) << UInt64(8 * index) }
  return value
}
