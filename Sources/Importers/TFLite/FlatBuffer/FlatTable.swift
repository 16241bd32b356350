/// A FlatBuffers table: fields by number, each of them optional.
struct FlatTable: Sendable {
  let buffer: FlatBuffer
  let position: Int
  /// What the table is, for messages.
  let what: String
  private let vtable: Int
  private let vtableSize: Int
  private let size: Int

  init(_ buffer: FlatBuffer, at position: Int, what: String) throws(ImportError) {
    self.buffer = buffer
    self.position = position
    self.what = what
    let back = Int(try buffer.integer(Int32.self, at: position, of: what))
    vtable = position - back
    vtableSize = Int(try buffer.integer(UInt16.self, at: vtable, of: "the vtable of \(what)"))
    size = Int(try buffer.integer(UInt16.self, at: vtable + 2, of: "the vtable of \(what)"))
    guard vtableSize >= 4, vtableSize % 2 == 0, size >= 4 else {
      throw buffer.damaged(at: vtable, "the vtable of \(what) is malformed")
    }
    try buffer.check(vtable, count: vtableSize, of: "the vtable of \(what)")
    try buffer.check(position, count: size, of: what)
  }

  /// Where field `id` lies, or `nil` when it is absent and its default holds.
  private func offset(_ id: Int, size width: Int) throws(ImportError) -> Int? {
    let slot = 4 + 2 * id
    guard slot + 2 <= vtableSize else { return nil }
    let distance = Int(
      try buffer.integer(UInt16.self, at: vtable + slot, of: "the vtable of \(what)"))
    if distance == 0 { return nil }
    guard distance >= 4, distance + width <= size else {
      throw buffer.damaged(at: vtable + slot, "field \(id) of \(what) lies outside its table")
    }
    return position + distance
  }

  func integer<T: FixedWidthInteger>(_ id: Int, default value: T) throws(ImportError) -> T {
    guard let place = try offset(id, size: T.bitWidth / 8) else { return value }
    return try buffer.integer(T.self, at: place, of: what)
  }

  func bool(_ id: Int) throws(ImportError) -> Bool { try integer(id, default: UInt8(0)) != 0 }

  func float(_ id: Int, default value: Float) throws(ImportError) -> Float {
    Float(bitPattern: try integer(id, default: value.bitPattern))
  }

  func table(_ id: Int, what: String) throws(ImportError) -> FlatTable? {
    guard let place = try offset(id, size: 4) else { return nil }
    return try FlatTable(buffer, at: try buffer.target(of: place, what: what), what: what)
  }

  /// The elements of a vector of scalars, of which there may be at most `limit`.
  func scalars<T: FixedWidthInteger>(
    _ id: Int, of type: T.Type, limit: Int, what: String
  ) throws(ImportError) -> [T] {
    guard let range = try vector(id, elementSize: T.bitWidth / 8, what: what) else { return [] }
    let size = T.bitWidth / 8
    guard range.count / size <= limit else {
      throw buffer.damaged(
        at: range.lowerBound, "\(what) has \(range.count / size) elements, more than \(limit)")
    }
    var values: [T] = []
    values.reserveCapacity(range.count / size)
    for place in stride(from: range.lowerBound, to: range.upperBound, by: size) {
      values.append(try buffer.integer(T.self, at: place, of: what))
    }
    return values
  }

  /// The bytes that a vector of elements of `elementSize` bytes takes in the file.
  func vector(_ id: Int, elementSize: Int, what: String) throws(ImportError) -> Range<Int>? {
    guard let place = try offset(id, size: 4) else { return nil }
    let start = try buffer.target(of: place, what: what)
    let count = Int(try buffer.integer(UInt32.self, at: start, of: what))
    let (length, overflow) = count.multipliedReportingOverflow(by: elementSize)
    guard !overflow else {
      throw buffer.damaged(at: start, "\(what) claims \(count) elements")
    }
    try buffer.check(start + 4, count: length, of: what)
    return (start + 4)..<(start + 4 + length)
  }

  /// The tables of a vector of tables.
  func tables(_ id: Int, what: String) throws(ImportError) -> [FlatTable] {
    guard let range = try vector(id, elementSize: 4, what: "the list of \(what)s") else {
      return []
    }
    var tables: [FlatTable] = []
    tables.reserveCapacity(range.count / 4)
    for (index, place) in stride(from: range.lowerBound, to: range.upperBound, by: 4).enumerated() {
      let name = "\(what) \(index)"
      tables.append(
        try FlatTable(buffer, at: try buffer.target(of: place, what: name), what: name))
    }
    return tables
  }

  /// A string, cut at 4,096 bytes and with control characters replaced, as it is only ever shown.
  func string(_ id: Int, what: String) throws(ImportError) -> String {
    guard let range = try vector(id, elementSize: 1, what: what) else { return "" }
    let shown = buffer.bytes[range.prefix(4096)].map { $0 < 0x20 || $0 == 0x7F ? 0x3F : $0 }
    return String(decoding: shown, as: UTF8.self)
  }
}
