/// Which operators there are goldens of, in which types.
enum Coverage {
  static let types: [String: Set<String>] = {
    var types: [String: Set<String>] = [:]
    for name in weighted { types[name] = ["float32", "float16", "dynamic", "int8"] }
    for name in floatAndInt8 { types[name] = ["float32", "int8"] }
    for name in floatOnly { types[name] = ["float32"] }
    // LiteRT has no int8 form of them. The loops and unrolled layers are what Keras 3 makes.
    for name in [
      "BIDIRECTIONAL_SEQUENCE_LSTM", "UNROLLED_GRU", "UNROLLED_LSTM", "WHILE_BIDIRECTIONAL",
      "WHILE_GRU", "WHILE_LSTM",
    ] {
      types[name] = ["float32", "float16", "dynamic"]
    }
    types["DEQUANTIZE"] = ["int8"]
    return types
  }()

  private static let weighted = [
    "BATCH_MATMUL", "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV",
    "UNIDIRECTIONAL_SEQUENCE_LSTM",
  ]

  private static let floatAndInt8 = [
    "ABS", "ADD", "AVERAGE_POOL_2D", "BROADCAST_TO", "CAST", "CONCATENATION", "DIV", "ELU", "EXP",
    "EXPAND_DIMS", "FILL", "GATHER", "GELU", "HARD_SWISH", "L2_NORMALIZATION", "LEAKY_RELU", "LOG",
    "LOGISTIC", "LOG_SOFTMAX", "MAXIMUM", "MAX_POOL_2D", "MEAN", "MINIMUM", "MUL", "NEG", "PACK",
    "PAD", "PADV2", "PRELU", "QUANTIZE", "REDUCE_MAX", "RELU", "RELU6", "RELU_N1_TO_1", "RESHAPE",
    "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "REVERSE_V2", "RSQRT", "SELECT_V2", "SHAPE",
    "SLICE", "SOFTMAX", "SPLIT", "SPLIT_V", "SQRT", "SQUARED_DIFFERENCE", "SQUEEZE",
    "STRIDED_SLICE", "SUB", "SUM", "TANH", "TILE", "TRANSPOSE", "UNPACK",
  ]

  private static let floatOnly = ["POW", "SELU", "SQUARE"]
}
