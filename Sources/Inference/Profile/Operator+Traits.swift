internal import ModelFormat

extension Operator {
  /// The function fused behind the operator.
  var activation: Activation {
    switch self {
    case .dense(let activation), .binary(_, let activation): activation
    case .convolution2D(let convolution), .depthwiseConvolution2D(let convolution):
      convolution.activation
    case .transposedConvolution2D(let convolution): convolution.activation
    case .pool2D(let pool): pool.activation
    case .lstm, .gru, .batchMatMul, .unary, .leakyReLU, .select, .softmax, .logSoftmax,
      .l2Normalization, .layerNormalization, .attention, .reduce, .reshape, .transpose, .tile,
      .concatenate, .slice, .gather, .pad, .resize2D, .quantize, .dequantize:
      .none
    }
  }
}

extension Activation {
  var name: String {
    switch self {
    case .none: "none"
    case .relu: "relu"
    case .relu6: "relu6"
    case .reluN1To1: "reluN1To1"
    case .tanh: "tanh"
    case .sigmoid: "sigmoid"
    }
  }
}
