/// Just enough of a FlatBuffers writer to make `.tflite` files for tests: tables are laid down
/// before what they point to, so that every offset points forward.
indirect enum FlatValue {
  case byte(UInt8)
  case uint32(UInt32)
  case int32(Int32)
  case float(Float)
  case string(String)
  case bytes([UInt8])
  case ints([Int32])
  case tables([FlatTable])
  case table(FlatTable)

  fileprivate var isOffset: Bool {
    switch self {
    case .byte, .uint32, .int32, .float: false
    default: true
    }
  }
}

/// The fields of a table by their position in the schema.
struct FlatTable {
  var fields: [Int: FlatValue]
}

struct FlatBufferWriter {
  private var out: [UInt8] = []

  /// The whole file: root offset, identifier, tables.
  static func file(root: FlatTable, identifier: String) -> [UInt8] {
    var writer = FlatBufferWriter()
    writer.append(UInt32(0))
    writer.out += Array(identifier.utf8)
    writer.patch(0, pointingTo: writer.write(root))
    return writer.out
  }

  private mutating func append<T: FixedWidthInteger>(_ value: T) {
    withUnsafeBytes(of: value.littleEndian) { out += Array($0) }
  }

  private mutating func align(to size: Int, after extra: Int = 0) {
    while !(out.count + extra).isMultiple(of: size) { out.append(0) }
  }

  private mutating func patch(_ place: Int, pointingTo target: Int) {
    withUnsafeBytes(of: UInt32(target - place).littleEndian) {
      out.replaceSubrange(place..<place + 4, with: $0)
    }
  }

  /// Returns where the table begins. Every field takes four bytes, which keeps them all aligned.
  private mutating func write(_ table: FlatTable) -> Int {
    let slots = (table.fields.keys.max() ?? -1) + 1
    let present = table.fields.keys.sorted()
    align(to: 4, after: 4 + 2 * slots)
    let vtable = out.count
    append(UInt16(4 + 2 * slots))
    append(UInt16(4 + 4 * present.count))
    for slot in 0..<slots {
      append(UInt16(present.firstIndex(of: slot).map { 4 + 4 * $0 } ?? 0))
    }
    let start = out.count
    append(Int32(start - vtable))
    for slot in present { appendInline(table.fields[slot]!) }
    for (index, slot) in present.enumerated() where table.fields[slot]!.isOffset {
      patch(start + 4 + 4 * index, pointingTo: write(table.fields[slot]!))
    }
    return start
  }

  private mutating func appendInline(_ value: FlatValue) {
    switch value {
    case .byte(let value): append(UInt32(value))
    case .uint32(let value): append(value)
    case .int32(let value): append(value)
    case .float(let value): append(value.bitPattern)
    default: append(UInt32(0))
    }
  }

  private mutating func write(_ value: FlatValue) -> Int {
    switch value {
    case .table(let table): return write(table)
    case .string(let text): return write(Array(text.utf8), terminated: true)
    case .bytes(let bytes): return write(bytes, terminated: false)
    case .ints(let list):
      align(to: 4)
      let start = out.count
      append(UInt32(list.count))
      for value in list { append(value) }
      return start
    case .tables(let list):
      align(to: 4)
      let start = out.count
      append(UInt32(list.count))
      for _ in list { append(UInt32(0)) }
      for (index, table) in list.enumerated() {
        patch(start + 4 + 4 * index, pointingTo: write(table))
      }
      return start
    case .byte, .uint32, .int32, .float: preconditionFailure("a scalar stands in its table")
    }
  }

  /// Tensor data begin on 16 bytes, as converters write them.
  private mutating func write(_ bytes: [UInt8], terminated: Bool) -> Int {
    align(to: 16, after: 4)
    let start = out.count
    append(UInt32(bytes.count))
    out += bytes
    if terminated { out.append(0) }
    return start
  }
}
