import AgentProtocol
import CPosix
import Encoding

/// One file of the journal: records one after another, each as length (4 bytes), CRC-32C (4) and the CBOR of a
/// ``TelemetryRecord``. The file is preallocated with zeros, so a length of zero is its end; so is a record
/// whose checksum is wrong, which a power cut leaves behind at the tail.
struct JournalSegment {
  static let size: UInt64 = 128 << 10
  static let headerSize = 8

  var path: String
  /// Files are numbered in the order in which they were begun.
  var number: UInt64
  var first: JournalPosition?
  var last: JournalPosition?
  var count: UInt64 = 0
  /// Where the next record goes.
  var end: UInt64 = 0

  /// The whole records of a file in order; `visit` answers whether to go on.
  static func read(
    _ path: String, _ visit: (TelemetryRecord, _ next: UInt64) -> Bool
  ) throws(SystemError) {
    let file = try File(path, BP_READ)
    let bytes = try file.read(Int(JournalSegment.size), at: 0)
    var offset = 0
    while offset + headerSize <= bytes.count {
      let length = Int(DeviceAgent.number(bytes, offset, 4) & 0x7fff_ffff)
      let start = offset + headerSize
      guard length > 0, length <= bytes.count - start else { return }
      let payload = Array(bytes[start..<start + length])
      guard UInt64(CRC32C.checksum(payload)) == DeviceAgent.number(bytes, offset + 4, 4) else {
        return
      }
      let record: TelemetryRecord
      do throws(CBORError) {
        record = try TelemetryRecord(decoding: payload)
      } catch {
        return
      }
      offset = start + length
      if !visit(record, UInt64(offset)) { return }
    }
  }

  static func frame(_ payload: [UInt8]) -> [UInt8] {
    littleEndian(UInt64(payload.count), 4)
      + littleEndian(UInt64(CRC32C.checksum(payload)), 4) + payload
  }

  mutating func note(_ position: JournalPosition, end: UInt64) {
    if first == nil { first = position }
    last = position
    count += 1
    self.end = end
  }
}
