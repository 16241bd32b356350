/// An entry of a subgraph's list of operators, in the order of execution.
struct TFLiteOperator: Sendable {
  var index: Int
  var code: TFLiteOperatorCode
  /// The name of a custom operator; empty for built-in ones.
  var customName: String
  /// Tensor numbers; `nil` for an operand left out.
  var inputs: [Int?]
  var outputs: [Int]
  /// Tensors that describe the scales of values inside the operator.
  var intermediates: [Int]
  private var optionsType: Int
  private var optionsTable: FlatTable?

  /// The options that belong to `kind`; `nil` when the file has none, so that defaults hold.
  func options(_ kind: TFLiteOptions) -> FlatTable? {
    optionsType == kind.rawValue ? optionsTable : nil
  }

  init(
    _ table: FlatTable, index: Int, codes: [(TFLiteOperatorCode, String)], tensorCount: Int
  ) throws(ImportError) {
    self.index = index
    let buffer = table.buffer
    let codeIndex = Int(try table.integer(0, default: UInt32(0)))
    guard codes.indices.contains(codeIndex) else {
      throw buffer.damaged(
        at: table.position, "\(table.what) names operator code \(codeIndex) of \(codes.count)")
    }
    (code, customName) = codes[codeIndex]
    inputs = []
    for number in try table.scalars(1, of: Int32.self, limit: 8192, what: "its inputs") {
      guard number >= -1, Int(number) < tensorCount else {
        throw buffer.damaged(at: table.position, "\(table.what) reads tensor \(number)")
      }
      inputs.append(number < 0 ? nil : Int(number))
    }
    outputs = []
    for number in try table.scalars(2, of: Int32.self, limit: 8192, what: "its outputs") {
      guard number >= 0, Int(number) < tensorCount else {
        throw buffer.damaged(at: table.position, "\(table.what) writes tensor \(number)")
      }
      outputs.append(Int(number))
    }
    intermediates = []
    for number in try table.scalars(8, of: Int32.self, limit: 64, what: "its intermediates") {
      guard number >= 0, Int(number) < tensorCount else {
        throw buffer.damaged(at: table.position, "\(table.what) names intermediate \(number)")
      }
      intermediates.append(Int(number))
    }
    optionsType = Int(try table.integer(3, default: UInt8(0)))
    optionsTable = try table.table(4, what: "the options of \(table.what)")
  }
}

/// The kinds of options that importing reads, by their number in the schema's `BuiltinOptions`.
enum TFLiteOptions: Int {
  case convolution2D = 1
  case depthwiseConvolution2D = 2
  case pool2D = 5
  case fullyConnected = 8
  case softmax = 9
  case concatenation = 10
  case add = 11
  case reshape = 17
  case multiply = 21
  case gather = 23
  case reducer = 27
  case subtract = 28
  case divide = 29
  case squeeze = 30
  case stridedSlice = 32
  case split = 35
  case transposeConvolution = 49
  case pack = 59
  case unpack = 64
  case bidirectionalSequenceLSTM = 69
  case unidirectionalSequenceLSTM = 71
  case leakyReLU = 75
  case resizeBilinear = 15
  case l2Normalization = 12
  case resizeNearest = 74
  case whileLoop = 93
  case batchMatMul = 101
  case gelu = 116
}
