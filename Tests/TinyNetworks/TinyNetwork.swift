/// A dense classifier of three classes over twelve numbers, as a `.tflite` file: class `c` is where
/// the four numbers `4c ..< 4c + 4` are large. Hidden layers carry the three sums along among
/// `width` units, so that a wide one is slow in earnest and still right.
public struct TinyNetwork: Sendable {
  public static let inputs = 12
  public static let classes = 3
  public static let labels = ["walking", "stairs", "rest"]

  public var hiddenLayers = 1
  public var width = 16
  /// Rotates the classes, so that every answer is wrong.
  public var isWrong = false
  /// An operator that no importer knows, put before the softmax.
  public var customOperator: String?

  public init(
    hiddenLayers: Int = 1, width: Int = 16, isWrong: Bool = false, customOperator: String? = nil
  ) {
    self.hiddenLayers = hiddenLayers
    self.width = width
    self.isWrong = isWrong
    self.customOperator = customOperator
  }

  private struct Layer {
    var rows: Int
    var columns: Int
    var weights: [Float]
  }

  private func layers() -> [Layer] {
    var layers: [Layer] = []
    var columns = Self.inputs
    for index in 0...hiddenLayers {
      let isLast = index == hiddenLayers
      let rows = isLast ? Self.classes : width
      var weights = [Float](repeating: 0, count: rows * columns)
      // Small numbers everywhere, so that no kernel may skip the work; the signal stands above them.
      for place in weights.indices {
        weights[place] = Float((place * 2_654_435_761) % 1000) * 1e-8
      }
      for channel in 0..<Self.classes {
        let target = isLast && isWrong ? (channel + 1) % Self.classes : channel
        let sources = index == 0 ? (4 * channel)..<(4 * channel + 4) : channel..<(channel + 1)
        for source in sources { weights[target * columns + source] += 1 }
      }
      layers.append(Layer(rows: rows, columns: columns, weights: weights))
      columns = rows
    }
    return layers
  }

  /// The file.
  public func tflite() -> [UInt8] {
    var buffers = [FlatTable(fields: [:])]
    var tensors: [FlatTable] = []
    var operators: [FlatTable] = []
    func add(_ name: String, _ shape: [Int], buffer: Int) -> Int32 {
      tensors.append(
        FlatTable(fields: [
          0: .ints(shape.map(Int32.init)), 1: .byte(0), 2: .uint32(UInt32(buffer)),
          3: .string(name),
        ]))
      return Int32(tensors.count - 1)
    }
    func call(_ code: UInt32, _ inputs: [Int32], _ output: Int32, _ options: (UInt8, FlatTable)?) {
      var fields: [Int: FlatValue] = [
        0: .uint32(code), 1: .ints(inputs), 2: .ints([output]),
      ]
      if let (kind, table) = options {
        fields[3] = .byte(kind)
        fields[4] = .table(table)
      }
      operators.append(FlatTable(fields: fields))
    }
    let input = add("input", [1, Self.inputs], buffer: 0)
    var value = input
    for (index, layer) in layers().enumerated() {
      let data = layer.weights.withUnsafeBytes { Array($0) }
      buffers.append(FlatTable(fields: [0: .bytes(data)]))
      let weights = add("w\(index)", [layer.rows, layer.columns], buffer: buffers.count - 1)
      let output = add("h\(index)", [1, layer.rows], buffer: 0)
      let relu: UInt8 = index == hiddenLayers ? 0 : 1
      call(0, [value, weights, -1], output, (8, FlatTable(fields: [0: .byte(relu)])))
      value = output
    }
    if customOperator != nil {
      let output = add("custom", [1, Self.classes], buffer: 0)
      call(2, [value], output, nil)
      value = output
    }
    let output = add("output", [1, Self.classes], buffer: 0)
    call(1, [value], output, (9, FlatTable(fields: [0: .float(1)])))
    return FlatBufferWriter.file(
      root: model(
        tensors: tensors, operators: operators, buffers: buffers, input: input, output: output),
      identifier: "TFL3")
  }

  private func model(
    tensors: [FlatTable], operators: [FlatTable], buffers: [FlatTable], input: Int32, output: Int32
  ) -> FlatTable {
    func code(_ number: UInt8) -> FlatTable {
      FlatTable(fields: [0: .byte(number), 2: .int32(1), 3: .int32(Int32(number))])
    }
    var codes = [code(9), code(25)]
    if let customOperator {
      var custom = code(32)
      custom.fields[1] = .string(customOperator)
      codes.append(custom)
    }
    let graph = FlatTable(fields: [
      0: .tables(tensors), 1: .ints([input]), 2: .ints([output]), 3: .tables(operators),
      4: .string("main"),
    ])
    return FlatTable(fields: [
      0: .uint32(3), 1: .tables(codes), 2: .tables([graph]), 3: .string("test"),
      4: .tables(buffers),
    ])
  }
}
