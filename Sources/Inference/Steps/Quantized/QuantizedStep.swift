internal import CKernels
internal import ModelFormat

/// A node that takes and gives int8, bound to its memory: one case for each operator family.
enum QuantizedStep: NodeStep {
  case dense(QuantizedDenseStep)
  case batchMatMul(QuantizedBatchMatMulStep)
  case binary(QuantizedBinaryStep)
  case table(TableStep)
  case softmax(QuantizedSoftmaxStep)
  case reduce(QuantizedReduceStep)
  case lstm(IntegerLSTMStep)

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    switch view.node.operation {
    case .dense: try QuantizedDenseStep.requirements(of: view)
    case .batchMatMul: try QuantizedBatchMatMulStep.requirements(of: view)
    case .binary: try QuantizedBinaryStep.requirements(of: view)
    case .unary, .leakyReLU, .quantize: try TableStep.requirements(of: view)
    case .softmax: try QuantizedSoftmaxStep.requirements(of: view)
    case .reduce: try QuantizedReduceStep.requirements(of: view)
    case .lstm: try IntegerLSTMStep.requirements(of: view)
    default: throw try refusal(of: view)
    }
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    switch view.node.operation {
    case .dense: self = .dense(try QuantizedDenseStep(view, binding))
    case .batchMatMul: self = .batchMatMul(try QuantizedBatchMatMulStep(view, binding))
    case .binary: self = .binary(try QuantizedBinaryStep(view, binding))
    case .unary, .leakyReLU, .quantize: self = .table(try TableStep(view, binding))
    case .softmax: self = .softmax(try QuantizedSoftmaxStep(view, binding))
    case .reduce: self = .reduce(try QuantizedReduceStep(view, binding))
    case .lstm: self = .lstm(try IntegerLSTMStep(view, binding))
    default: throw try Self.refusal(of: view)
    }
  }

  private static func refusal(of view: NodeView) throws(InferenceError) -> InferenceError {
    .unsupported(
      layer: view.name, tensor: try view.output().name,
      reason: "\(view.node.operation.name) is not computed in int8")
  }

  func run(_ execution: Execution) throws(InferenceError) {
    switch self {
    case .dense(let step): step.run(execution)
    case .batchMatMul(let step): step.run(execution)
    case .binary(let step): step.run(execution)
    case .table(let step): step.run(execution)
    case .softmax(let step): step.run(execution)
    case .reduce(let step): step.run(execution)
    case .lstm(let step): step.run(execution)
    }
  }
}
