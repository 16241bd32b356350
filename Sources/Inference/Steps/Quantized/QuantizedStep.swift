internal import CKernels
internal import ModelFormat

/// The families of nodes that take and give int8.
enum QuantizedStep {
  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    switch view.node.operation {
    case .dense: try QuantizedDenseStep.requirements(of: view)
    case .batchMatMul: try QuantizedBatchMatMulStep.requirements(of: view)
    case .binary: try QuantizedBinaryStep.requirements(of: view)
    case .unary, .leakyReLU, .quantize: try TableStep.requirements(of: view)
    case .softmax: try QuantizedSoftmaxStep.requirements(of: view)
    case .logSoftmax, .l2Normalization: try QuantizedRowStep.requirements(of: view)
    case .reduce: try QuantizedReduceStep.requirements(of: view)
    case .lstm: try IntegerLSTMStep.requirements(of: view)
    default: throw try refusal(of: view)
    }
  }

  static func bound(_ view: NodeView, _ binding: Binding) throws(InferenceError) -> Step {
    return switch view.node.operation {
    case .dense: try BoundStep<QuantizedDenseStep>(view, binding)
    case .batchMatMul: try BoundStep<QuantizedBatchMatMulStep>(view, binding)
    case .binary: try BoundStep<QuantizedBinaryStep>(view, binding)
    case .unary, .leakyReLU, .quantize: try BoundStep<TableStep>(view, binding)
    case .softmax: try BoundStep<QuantizedSoftmaxStep>(view, binding)
    case .logSoftmax, .l2Normalization: try BoundStep<QuantizedRowStep>(view, binding)
    case .reduce: try BoundStep<QuantizedReduceStep>(view, binding)
    case .lstm: try BoundStep<IntegerLSTMStep>(view, binding)
    default: throw try refusal(of: view)
    }
  }

  private static func refusal(of view: NodeView) throws(InferenceError) -> InferenceError {
    .unsupported(
      layer: view.name, tensor: try view.output().name,
      reason: "\(view.node.operation.name) is not computed in int8")
  }
}
