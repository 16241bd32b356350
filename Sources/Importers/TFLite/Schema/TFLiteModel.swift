/// A `.tflite` file's tables, checked and read into values.
///
/// Field numbers are those of `schema.fbs` in the TensorFlow sources.
struct TFLiteModel: Sendable {
  let buffer: FlatBuffer
  let subgraphs: [TFLiteSubgraph]

  init(bytes: [UInt8], file: String) throws(ImportError) {
    buffer = FlatBuffer(bytes: bytes, file: file)
    let root = try buffer.root(identifier: "TFL3")
    let version = try root.integer(0, default: UInt32(0))
    guard version == 3 else {
      throw ImportError(
        file: file,
        problem: .notThisFormat("schema version \(version) is not 3, the only one in use"))
    }
    var codes: [(TFLiteOperatorCode, String)] = []
    for table in try root.tables(1, what: "operator code") {
      // Files from before 2020 hold the code in the byte that later ones keep for old readers.
      let old = Int(try table.integer(0, default: Int8(0)))
      let new = Int(try table.integer(3, default: Int32(0)))
      codes.append((TFLiteOperatorCode(max(old, new)), try table.string(1, what: "its name")))
    }
    var data: [Range<Int>?] = []
    for table in try root.tables(4, what: "buffer") { data.append(try Self.data(of: table)) }
    var subgraphs: [TFLiteSubgraph] = []
    for (index, table) in try root.tables(2, what: "subgraph").enumerated() {
      subgraphs.append(try TFLiteSubgraph(table, index: index, codes: codes, data: data))
    }
    guard !subgraphs.isEmpty else {
      throw buffer.damaged(at: root.position, "the model has no subgraph")
    }
    self.subgraphs = subgraphs
  }

  /// Where a buffer's bytes lie: in the table's own vector, or, in large files, past the tables.
  private static func data(of table: FlatTable) throws(ImportError) -> Range<Int>? {
    let offset = try table.integer(1, default: UInt64(0))
    let size = try table.integer(2, default: UInt64(0))
    if offset > 1 {
      guard let start = Int(exactly: offset), let count = Int(exactly: size) else {
        throw table.buffer.damaged(at: table.position, "\(table.what) lies past the file's end")
      }
      try table.buffer.check(start, count: count, of: table.what)
      return count == 0 ? nil : start..<(start + count)
    }
    guard let range = try table.vector(0, elementSize: 1, what: table.what), !range.isEmpty
    else { return nil }
    return range
  }
}

/// One of a file's graphs; the first is the network, others are bodies of its loops.
struct TFLiteSubgraph: Sendable {
  let index: Int
  let name: String
  let tensors: [TFLiteTensor]
  let operators: [TFLiteOperator]
  let inputs: [Int]
  let outputs: [Int]

  init(
    _ table: FlatTable, index: Int, codes: [(TFLiteOperatorCode, String)], data: [Range<Int>?]
  ) throws(ImportError) {
    self.index = index
    name = try table.string(4, what: "its name")
    var tensors: [TFLiteTensor] = []
    for entry in try table.tables(0, what: "tensor") {
      tensors.append(try TFLiteTensor(entry, data: data))
    }
    self.tensors = tensors
    inputs = try Self.numbers(1, in: table, count: tensors.count, what: "inputs")
    outputs = try Self.numbers(2, in: table, count: tensors.count, what: "outputs")
    var operators: [TFLiteOperator] = []
    for (position, entry) in try table.tables(3, what: "operator").enumerated() {
      operators.append(
        try TFLiteOperator(entry, index: position, codes: codes, tensorCount: tensors.count))
    }
    self.operators = operators
  }

  private static func numbers(
    _ id: Int, in table: FlatTable, count: Int, what: String
  ) throws(ImportError) -> [Int] {
    var numbers: [Int] = []
    for number in try table.scalars(id, of: Int32.self, limit: 8192, what: what) {
      guard number >= 0, Int(number) < count else {
        throw table.buffer.damaged(
          at: table.position, "the \(what) of \(table.what) name tensor \(number) of \(count)")
      }
      numbers.append(Int(number))
    }
    return numbers
  }
}

extension TFLiteTensor {
  fileprivate init(_ table: FlatTable, data: [Range<Int>?]) throws(ImportError) {
    name = try table.string(3, what: "its name")
    shape = try table.scalars(0, of: Int32.self, limit: 8, what: "its shape").map { Int($0) }
    signature = try table.scalars(7, of: Int32.self, limit: 8, what: "its signature")
      .map { Int($0) }
    let number = try table.integer(1, default: UInt8(0))
    guard let type = TFLiteElementType(rawValue: number) else {
      throw table.buffer.damaged(at: table.position, "\(table.what) has element type \(number)")
    }
    self.type = type
    let position = Int(try table.integer(2, default: UInt32(0)))
    guard position < max(data.count, 1) else {
      throw table.buffer.damaged(
        at: table.position, "\(table.what) names buffer \(position) of \(data.count)")
    }
    self.data = data.isEmpty ? nil : data[position]
    isVariable = try table.bool(5)
    isSparse = try table.table(6, what: "its sparsity") != nil
    quantization = nil
    guard let details = try table.table(4, what: "its quantization") else { return }
    let limit = max(1, shape.max() ?? 1)
    let scales = try details.scalars(2, of: UInt32.self, limit: limit, what: "its scales")
    if scales.isEmpty { return }
    quantization = TFLiteQuantization(
      scales: scales.map { Float(bitPattern: $0) },
      zeroPoints: try details.scalars(3, of: Int64.self, limit: limit, what: "its zero points"),
      axis: Int(try details.integer(6, default: Int32(0))))
  }
}
