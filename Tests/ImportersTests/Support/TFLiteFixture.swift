import ModelFormat

@testable import Importers

/// Builds small `.tflite` files for tests.
struct TFLiteFixture {
  struct Subgraph {
    var tensors: [FlatValue] = []
    var operators: [FlatValue] = []
    var inputs: [Int32] = []
    var outputs: [Int32] = []
  }

  var subgraphs = [Subgraph()]
  private var buffers: [FlatValue] = [.table([:])]
  private var codes: [String] = []
  private var customNames: [String: String] = [:]
  /// Constants written behind the tables, as large files have them.
  var tail: [UInt8] = []
  var usesTail = false

  static let float32: UInt8 = 0
  static let float16: UInt8 = 1
  static let int32: UInt8 = 2
  static let uint8: UInt8 = 3
  static let bool: UInt8 = 6
  static let int16: UInt8 = 7
  static let int8: UInt8 = 9

  /// Adds a tensor; with `data` it is a constant.
  mutating func tensor(
    _ name: String, _ shape: [Int32], type: UInt8 = float32, data: [UInt8]? = nil,
    signature: [Int32]? = nil, scales: [Float]? = nil, zeros: [Int64]? = nil, axis: Int32 = 0,
    variable: Bool = false, in subgraph: Int = 0
  ) -> Int32 {
    var fields: [Int: FlatValue] = [
      0: .int32s(shape), 1: .uint8(type), 2: .uint32(0), 3: .string(name),
    ]
    if let data {
      fields[2] = .uint32(UInt32(buffers.count))
      if usesTail {
        buffers.append(.table([1: .uint64(UInt64(tail.count)), 2: .uint64(UInt64(data.count))]))
        tail += data
      } else {
        buffers.append(.table([0: .bytes(data)]))
      }
    }
    if let signature { fields[7] = .int32s(signature) }
    if variable { fields[5] = .uint8(1) }
    if let scales {
      let zeros = zeros ?? Array(repeating: 0, count: scales.count)
      fields[4] = .table([2: .floats(scales), 3: .int64s(zeros), 6: .int32(axis)])
    }
    subgraphs[subgraph].tensors.append(.table(fields))
    return Int32(subgraphs[subgraph].tensors.count - 1)
  }

  mutating func floats(
    _ name: String, _ shape: [Int32], _ values: [Float], in subgraph: Int = 0
  ) -> Int32 {
    tensor(name, shape, data: values.littleEndianBytes, in: subgraph)
  }

  mutating func integers(
    _ name: String, _ shape: [Int32], _ values: [Int32], in subgraph: Int = 0
  ) -> Int32 {
    let data = values.flatMap(\.littleEndianBytes)
    return tensor(name, shape, type: Self.int32, data: data, in: subgraph)
  }

  /// Adds an operator by the schema's name; names that the schema has not become custom operators.
  mutating func add(
    _ name: String, _ inputs: [Int32], _ outputs: [Int32],
    options: (kind: Int, fields: [Int: FlatValue])? = nil, in subgraph: Int = 0
  ) {
    let code = codes.firstIndex(of: name) ?? codes.count
    if code == codes.count { codes.append(name) }
    var fields: [Int: FlatValue] = [
      0: .uint32(UInt32(code)), 1: .int32s(inputs), 2: .int32s(outputs),
    ]
    if let options {
      fields[3] = .uint8(UInt8(options.kind))
      fields[4] = .table(options.fields)
    }
    subgraphs[subgraph].operators.append(.table(fields))
  }

  func bytes() -> [UInt8] {
    let codes = self.codes.map { name -> FlatValue in
      let number = (0..<209).first { TFLiteOperatorCode($0).description == name } ?? 32
      var fields: [Int: FlatValue] = [
        0: .uint8(UInt8(min(number, 127))), 3: .int32(Int32(number)),
      ]
      if number == 32 { fields[1] = .string(name) }
      return .table(fields)
    }
    func file(_ buffers: [FlatValue]) -> [UInt8] {
      let graphs = subgraphs.enumerated().map { index, graph -> FlatValue in
        .table([
          0: .tables(graph.tensors), 1: .int32s(graph.inputs), 2: .int32s(graph.outputs),
          3: .tables(graph.operators), 4: .string("graph \(index)"),
        ])
      }
      return FlatBufferWriter.file(
        root: .table([
          0: .uint32(3), 1: .tables(codes), 2: .tables(graphs), 4: .tables(buffers),
        ]), identifier: "TFL3")
    }
    let size = file(buffers).count
    let placed = buffers.map { buffer -> FlatValue in
      guard case .table(var fields) = buffer, case .uint64(let offset)? = fields[1] else {
        return buffer
      }
      fields[1] = .uint64(offset + UInt64(size))
      return .table(fields)
    }
    return file(placed) + tail
  }
}
