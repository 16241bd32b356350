internal import CKernels
internal import ModelFormat

/// A node bound to its memory.
///
/// A class, so that a run goes from node to node without copying what each of them is bound to.
class Step {
  fileprivate init() {}

  func run(_ execution: Execution) throws(InferenceError) {
    preconditionFailure("every family runs by itself")
  }

  /// As in ``NodeStep``.
  var jointWork: JointWork? { nil }

  func run(_ execution: Execution, _ share: RowShare) {
    preconditionFailure("every family divides itself")
  }

  /// What the node takes, after checking everything that its step relies on.
  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    if view.computesInInt8 { return try QuantizedStep.requirements(of: view) }
    return switch view.node.operation {
    case .dense: try DenseStep.requirements(of: view)
    case .convolution2D: try ConvolutionStep.requirements(of: view)
    case .depthwiseConvolution2D: try DepthwiseStep.requirements(of: view)
    case .transposedConvolution2D: try TransposedConvolutionStep.requirements(of: view)
    case .pool2D: try PoolStep.requirements(of: view)
    case .lstm, .gru: try RecurrentStep.requirements(of: view)
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

  /// The node's family made for it; `view` has passed ``requirements(of:)``.
  static func bound(_ view: NodeView, _ binding: Binding) throws(InferenceError) -> Step {
    if view.computesInInt8 { return try QuantizedStep.bound(view, binding) }
    return switch view.node.operation {
    case .dense: try BoundStep<DenseStep>(view, binding)
    case .convolution2D: try BoundStep<ConvolutionStep>(view, binding)
    case .depthwiseConvolution2D: try BoundStep<DepthwiseStep>(view, binding)
    case .transposedConvolution2D:
      try BoundStep<TransposedConvolutionStep>(view, binding)
    case .pool2D: try BoundStep<PoolStep>(view, binding)
    case .lstm, .gru: try BoundStep<RecurrentStep>(view, binding)
    case .batchMatMul: try BoundStep<BatchMatMulStep>(view, binding)
    case .binary: try BoundStep<BinaryStep>(view, binding)
    case .unary: try BoundStep<UnaryStep>(view, binding)
    case .leakyReLU: try BoundStep<LeakyReLUStep>(view, binding)
    case .select: try BoundStep<SelectStep>(view, binding)
    case .softmax: try BoundStep<SoftmaxStep>(view, binding)
    case .layerNormalization, .logSoftmax, .l2Normalization:
      try BoundStep<RowStep>(view, binding)
    case .attention: try BoundStep<AttentionStep>(view, binding)
    case .resize2D: try BoundStep<ResizeStep>(view, binding)
    case .reduce: try BoundStep<ReduceStep>(view, binding)
    case .gather: try BoundStep<GatherStep>(view, binding)
    case .quantize, .dequantize: try BoundStep<QuantizeStep>(view, binding)
    case .reshape, .transpose, .tile, .concatenate, .slice, .pad:
      try BoundStep<CopyStep>(view, binding)
    }
  }
}

/// A step of one family.
final class BoundStep<Family: NodeStep>: Step {
  private let family: Family

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    family = try Family(view, binding)
    super.init()
  }

  override func run(_ execution: Execution) throws(InferenceError) { try family.run(execution) }

  override var jointWork: JointWork? { family.jointWork }

  override func run(_ execution: Execution, _ share: RowShare) {
    family.run(execution, share)
  }
}
