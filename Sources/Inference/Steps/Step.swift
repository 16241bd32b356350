internal import CKernels
internal import ModelFormat

/// A node bound to its memory: one case for each operator family.
enum Step {
  case dense(DenseStep)
  case convolution(ConvolutionStep)
  case depthwise(DepthwiseStep)
  case transposedConvolution(TransposedConvolutionStep)
  case pool(PoolStep)
  case lstm(LSTMStep)
  case gru(GRUStep)
  case batchMatMul(BatchMatMulStep)
  case binary(BinaryStep)
  case unary(UnaryStep)
  case leakyReLU(LeakyReLUStep)
  case select(SelectStep)
  case softmax(SoftmaxStep)
  case row(RowStep)
  case attention(AttentionStep)
  case resize(ResizeStep)
  case reduce(ReduceStep)
  case copy(CopyStep)
  case gather(GatherStep)
  case quantize(QuantizeStep)
  case quantized(QuantizedStep)

  /// What the node takes, after checking everything that its step relies on.
  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    if view.computesInInt8 { return try QuantizedStep.requirements(of: view) }
    return switch view.node.operation {
    case .dense: try DenseStep.requirements(of: view)
    case .convolution2D: try ConvolutionStep.requirements(of: view)
    case .depthwiseConvolution2D: try DepthwiseStep.requirements(of: view)
    case .transposedConvolution2D: try TransposedConvolutionStep.requirements(of: view)
    case .pool2D: try PoolStep.requirements(of: view)
    case .lstm: try LSTMStep.requirements(of: view)
    case .gru: try GRUStep.requirements(of: view)
    case .batchMatMul: try BatchMatMulStep.requirements(of: view)
    case .binary: try BinaryStep.requirements(of: view)
    case .unary: try UnaryStep.requirements(of: view)
    case .leakyReLU: try LeakyReLUStep.requirements(of: view)
    case .select: try SelectStep.requirements(of: view)
    case .softmax: try SoftmaxStep.requirements(of: view)
    case .layerNormalization, .logSoftmax, .l2Normalization: try RowStep.requirements(of: view)
    case .attention: try AttentionStep.requirements(of: view)
    case .resize2D: try ResizeStep.requirements(of: view)
    case .reduce: try ReduceStep.requirements(of: view)
    case .gather: try GatherStep.requirements(of: view)
    case .quantize, .dequantize: try QuantizeStep.requirements(of: view)
    case .reshape, .transpose, .tile, .concatenate, .slice, .pad:
      try CopyStep.requirements(of: view)
    }
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    if view.computesInInt8 {
      self = .quantized(try QuantizedStep(view, binding))
      return
    }
    switch view.node.operation {
    case .dense: self = .dense(try DenseStep(view, binding))
    case .convolution2D: self = .convolution(try ConvolutionStep(view, binding))
    case .depthwiseConvolution2D: self = .depthwise(try DepthwiseStep(view, binding))
    case .transposedConvolution2D:
      self = .transposedConvolution(try TransposedConvolutionStep(view, binding))
    case .pool2D: self = .pool(try PoolStep(view, binding))
    case .lstm: self = .lstm(try LSTMStep(view, binding))
    case .gru: self = .gru(try GRUStep(view, binding))
    case .batchMatMul: self = .batchMatMul(try BatchMatMulStep(view, binding))
    case .binary: self = .binary(try BinaryStep(view, binding))
    case .unary: self = .unary(try UnaryStep(view, binding))
    case .leakyReLU: self = .leakyReLU(try LeakyReLUStep(view, binding))
    case .select: self = .select(try SelectStep(view, binding))
    case .softmax: self = .softmax(try SoftmaxStep(view, binding))
    case .layerNormalization, .logSoftmax, .l2Normalization:
      self = .row(try RowStep(view, binding))
    case .attention: self = .attention(try AttentionStep(view, binding))
    case .resize2D: self = .resize(try ResizeStep(view, binding))
    case .reduce: self = .reduce(try ReduceStep(view, binding))
    case .gather: self = .gather(try GatherStep(view, binding))
    case .quantize, .dequantize: self = .quantize(try QuantizeStep(view, binding))
    case .reshape, .transpose, .tile, .concatenate, .slice, .pad:
      self = .copy(try CopyStep(view, binding))
    }
  }

  func run(_ execution: Execution) throws(InferenceError) {
    switch self {
    case .dense(let step): step.run(execution)
    case .convolution(let step): step.run(execution)
    case .depthwise(let step): step.run(execution)
    case .transposedConvolution(let step): step.run(execution)
    case .pool(let step): step.run(execution)
    case .lstm(let step): step.run(execution)
    case .gru(let step): step.run(execution)
    case .batchMatMul(let step): step.run(execution)
    case .binary(let step): step.run(execution)
    case .unary(let step): step.run(execution)
    case .leakyReLU(let step): step.run(execution)
    case .select(let step): step.run(execution)
    case .softmax(let step): step.run(execution)
    case .row(let step): step.run(execution)
    case .attention(let step): step.run(execution)
    case .resize(let step): step.run(execution)
    case .reduce(let step): step.run(execution)
    case .copy(let step): step.run(execution)
    case .gather(let step): try step.run(execution)
    case .quantize(let step): step.run(execution)
    case .quantized(let step): try step.run(execution)
    }
  }
}
