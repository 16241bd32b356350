/// A value to be laid out as FlatBuffers wants it; enough of the format to write small models.
indirect enum FlatValue {
  case uint8(UInt8)
  case int32(Int32)
  case uint32(UInt32)
  case uint64(UInt64)
  case float(Float)
  case table([Int: FlatValue])
  case tables([FlatValue])
  case int32s([Int32])
  case int64s([Int64])
  case floats([Float])
  case bytes([UInt8])

  static func string(_ text: String) -> FlatValue { .bytes(Array(text.utf8)) }

  fileprivate var inlineSize: Int {
    switch self {
    case .uint8: 1
    case .uint64: 8
    default: 4
    }
  }
}

/// Writes parents before children, so that every offset points forward.
struct FlatBufferWriter {
  private(set) var bytes: [UInt8] = []

  static func file(root: FlatValue, identifier: String) -> [UInt8] {
    var writer = FlatBufferWriter()
    writer.bytes = [0, 0, 0, 0] + Array(identifier.utf8)
    writer.place(root, offsetAt: 0)
    return writer.bytes
  }

  private mutating func append<T: FixedWidthInteger>(_ value: T) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func align(_ count: Int) {
    while bytes.count % count != 0 { bytes.append(0) }
  }

  /// Writes `value` at the end and its distance at `place`.
  private mutating func place(_ value: FlatValue, offsetAt place: Int) {
    if case .table(let fields) = value { return table(fields, offsetAt: place) }
    align(8)
    // The count stands before the elements, which are aligned to their own size.
    if case .int64s = value { append(UInt32(0)) }
    point(from: place, to: bytes.count)
    switch value {
    case .tables(let tables):
      append(UInt32(tables.count))
      let start = bytes.count
      for _ in tables { append(UInt32(0)) }
      for (index, table) in tables.enumerated() { self.place(table, offsetAt: start + 4 * index) }
    case .int32s(let values):
      append(UInt32(values.count))
      for value in values { append(value) }
    case .int64s(let values):
      append(UInt32(values.count))
      for value in values { append(value) }
    case .floats(let values):
      append(UInt32(values.count))
      for value in values { append(value.bitPattern) }
    case .bytes(let values):
      append(UInt32(values.count))
      bytes += values + [0]
    default: preconditionFailure("a scalar stands inside its table")
    }
  }

  private mutating func point(from place: Int, to target: Int) {
    for (index, byte) in UInt32(target - place).littleEndianBytes.enumerated() {
      bytes[place + index] = byte
    }
  }

  private mutating func table(_ fields: [Int: FlatValue], offsetAt place: Int) {
    let order = fields.keys.sorted {
      (-fields[$0]!.inlineSize, $0) < (-fields[$1]!.inlineSize, $1)
    }
    var layout: [Int: Int] = [:]
    var size = 4
    for id in order {
      let width = fields[id]!.inlineSize
      size = (size + width - 1) / width * width
      layout[id] = size
      size += width
    }
    align(2)
    let vtable = bytes.count
    let slots = (fields.keys.max() ?? -1) + 1
    append(UInt16(4 + 2 * slots))
    append(UInt16(size))
    for id in 0..<slots { append(UInt16(layout[id] ?? 0)) }
    align(8)
    let start = bytes.count
    point(from: place, to: start)
    append(Int32(start - vtable))
    bytes += Array(repeating: 0, count: size - 4)
    for id in order {
      let at = start + layout[id]!
      switch fields[id]! {
      case .uint8(let value): bytes[at] = value
      case .int32(let value): put(UInt32(bitPattern: value).littleEndianBytes, at)
      case .uint32(let value): put(value.littleEndianBytes, at)
      case .uint64(let value): put(value.littleEndianBytes, at)
      case .float(let value): put(value.bitPattern.littleEndianBytes, at)
      default: self.place(fields[id]!, offsetAt: at)
      }
    }
  }

  private mutating func put(_ values: [UInt8], _ at: Int) {
    for (index, value) in values.enumerated() { bytes[at + index] = value }
  }
}

extension FixedWidthInteger {
  fileprivate var littleEndianBytes: [UInt8] {
    (0..<(Self.bitWidth / 8)).map { UInt8(truncatingIfNeeded: self >> Self(8 * $0)) }
  }
}
