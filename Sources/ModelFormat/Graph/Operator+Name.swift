extension Operator {
  /// The operator without its payload, as it is written in tables and messages.
  public var name: String {
    switch self {
    case .dense: "dense"
    case .convolution2D: "convolution2D"
    case .depthwiseConvolution2D: "depthwiseConvolution2D"
    case .transposedConvolution2D: "transposedConvolution2D"
    case .pool2D(let pool): pool.kind == .maximum ? "maximumPool2D" : "averagePool2D"
    case .lstm: "lstm"
    case .gru: "gru"
    case .batchMatMul: "batchMatMul"
    case .binary(let kind, _): kind.name
    case .unary(let kind): kind.name
    case .softmax: "softmax"
    case .logSoftmax: "logSoftmax"
    case .l2Normalization: "l2Normalization"
    case .layerNormalization: "layerNormalization"
    case .attention: "attention"
    case .leakyReLU: "leakyReLU"
    case .select: "select"
    case .resize2D(let resize): resize.kind == .nearest ? "resizeNearest" : "resizeBilinear"
    case .reduce(let kind, _, _): kind.name
    case .reshape: "reshape"
    case .transpose: "transpose"
    case .tile: "tile"
    case .concatenate: "concatenate"
    case .slice: "slice"
    case .gather: "gather"
    case .pad: "pad"
    case .quantize: "quantize"
    case .dequantize: "dequantize"
    }
  }
}

extension Operator {
  /// Whether a recurrent layer's state survives from one prediction to the next; false for all others,
  /// which setting it leaves as they are.
  public var keepsState: Bool {
    get {
      switch self {
      case .lstm(let lstm): lstm.keepsState
      case .gru(let gru): gru.keepsState
      default: false
      }
    }
    set {
      switch self {
      case .lstm(var lstm):
        lstm.keepsState = newValue
        self = .lstm(lstm)
      case .gru(var gru):
        gru.keepsState = newValue
        self = .gru(gru)
      default: break
      }
    }
  }
}

extension BinaryKind {
  public var name: String {
    switch self {
    case .add: "add"
    case .subtract: "subtract"
    case .multiply: "multiply"
    case .divide: "divide"
    case .minimum: "minimum"
    case .maximum: "maximum"
    case .squaredDifference: "squaredDifference"
    case .power: "power"
    case .prelu: "prelu"
    case .equal: "equal"
    case .notEqual: "notEqual"
    case .less: "less"
    case .lessOrEqual: "lessOrEqual"
    case .greater: "greater"
    case .greaterOrEqual: "greaterOrEqual"
    }
  }
}

extension UnaryKind {
  public var name: String {
    switch self {
    case .relu: "relu"
    case .relu6: "relu6"
    case .reluN1To1: "reluN1To1"
    case .tanh: "tanh"
    case .sigmoid: "sigmoid"
    case .negate: "negate"
    case .absolute: "absolute"
    case .exponential: "exponential"
    case .logarithm: "logarithm"
    case .squareRoot: "squareRoot"
    case .reciprocalSquareRoot: "reciprocalSquareRoot"
    case .square: "square"
    case .elu: "elu"
    case .hardSwish: "hardSwish"
    case .gelu: "gelu"
    case .geluTanh: "geluTanh"
    case .selu: "selu"
    case .silu: "silu"
    case .erf: "erf"
    }
  }
}

extension ReduceKind {
  public var name: String {
    switch self {
    case .mean: "mean"
    case .sum: "sum"
    case .maximum: "reduceMaximum"
    }
  }
}
