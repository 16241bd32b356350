internal import ModelFormat

extension Translation {
  /// Appends the nodes that one operator of the file becomes.
  mutating func translate(_ site: Site) throws(ImportError) {
    let name = site.op.code.description
    switch name {
    case "FULLY_CONNECTED": try fullyConnected(site)
    case "BATCH_MATMUL": try batchMatMul(site)
    case "CONV_2D": try convolution(site)
    case "DEPTHWISE_CONV_2D": try depthwiseConvolution(site)
    case "TRANSPOSE_CONV": try transposedConvolution(site)
    case "AVERAGE_POOL_2D": try pool(site, .average)
    case "MAX_POOL_2D": try pool(site, .maximum)
    case "UNIDIRECTIONAL_SEQUENCE_LSTM": try sequenceLSTM(site)
    case "BIDIRECTIONAL_SEQUENCE_LSTM": try bidirectionalLSTM(site)
    case "WHILE": try loop(site)
    case "SOFTMAX": try softmax(site)
    case "MEAN": try reduce(site, .mean)
    case "SUM": try reduce(site, .sum)
    case "REDUCE_MAX": try reduce(site, .maximum)
    case "RESHAPE", "SQUEEZE", "EXPAND_DIMS": try reshape(site)
    case "TRANSPOSE": try transpose(site)
    case "TILE", "BROADCAST_TO": try tile(site)
    case "CONCATENATION": try concatenate(site)
    case "PACK": try pack(site)
    case "UNPACK": try unpack(site)
    case "SPLIT": try split(site)
    case "SPLIT_V": try splitByLengths(site)
    case "SLICE", "STRIDED_SLICE": try slice(site)
    case "REVERSE_V2": try reverse(site)
    case "GATHER": try gather(site)
    case "PAD", "PADV2": try pad(site)
    case "GELU": try gelu(site)
    case "LEAKY_RELU": try leakyReLU(site)
    case "PRELU": try parametricReLU(site)
    case "LOG_SOFTMAX": try normalizeRows(site, .logSoftmax)
    case "L2_NORMALIZATION": try normalizeRows(site, .l2Normalization)
    case "RESIZE_BILINEAR": try resize(site, .bilinear)
    case "RESIZE_NEAREST_NEIGHBOR": try resize(site, .nearest)
    case "SELECT", "SELECT_V2": try select(site)
    case "CAST": try cast(site)
    case "LOGICAL_NOT": try negate(site)
    case "CUSTOM" where Self.flexKinds[site.op.customName] != nil:
      if let kind = Self.flexKinds[site.op.customName] { try unary(site, kind) }
    case "QUANTIZE": try quantize(site)
    case "DEQUANTIZE": try dequantize(site)
    default:
      if let kind = Self.binaryKinds[name] {
        try binary(site, kind)
      } else if let kind = Self.unaryKinds[name] {
        try unary(site, kind)
      } else {
        throw refusal(of: site)
      }
    }
  }

  private static let binaryKinds: [String: BinaryKind] = [
    "ADD": .add, "SUB": .subtract, "MUL": .multiply, "DIV": .divide, "MINIMUM": .minimum,
    "MAXIMUM": .maximum, "SQUARED_DIFFERENCE": .squaredDifference, "POW": .power,
    "EQUAL": .equal, "NOT_EQUAL": .notEqual, "LESS": .less, "LESS_EQUAL": .lessOrEqual,
    "GREATER": .greater, "GREATER_EQUAL": .greaterOrEqual, "LOGICAL_AND": .minimum,
    "LOGICAL_OR": .maximum,
  ]

  private static let unaryKinds: [String: UnaryKind] = [
    "RELU": .relu, "RELU6": .relu6, "RELU_N1_TO_1": .reluN1To1, "TANH": .tanh,
    "LOGISTIC": .sigmoid, "NEG": .negate, "ABS": .absolute, "EXP": .exponential,
    "LOG": .logarithm, "SQRT": .squareRoot, "RSQRT": .reciprocalSquareRoot, "SQUARE": .square,
    "ELU": .elu, "HARD_SWISH": .hardSwish,
  ]

  /// TensorFlow operators that TensorFlow Lite has not, yet the graph has.
  private static let flexKinds: [String: UnaryKind] = ["FlexSelu": .selu, "FlexErf": .erf]

  private func refusal(of site: Site) -> ImportError {
    switch site.op.code.description {
    case "CUSTOM" where site.op.customName.hasPrefix("Flex"):
      return unsupported(
        "it is a TensorFlow operator that TensorFlow Lite itself does not have", at: site,
        advice: "convert without SELECT_TF_OPS, or replace the layer")
    case "CUSTOM": return unsupported("custom operators are not supported", at: site)
    default: return unsupported("this operator is not supported", at: site)
    }
  }

  /// The function fused behind an operator, by its number in the schema.
  func activation(_ number: Int8, at site: Site) throws(ImportError) -> Activation {
    switch number {
    case 0: return .none
    case 1: return .relu
    case 2: return .reluN1To1
    case 3: return .relu6
    case 4: return .tanh
    default: throw unsupported("its fused activation has number \(number)", at: site)
    }
  }
}
