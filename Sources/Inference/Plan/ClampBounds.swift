internal import CKernels
internal import ModelFormat

/// The part of an activation that a kernel applies while it stores: a clamp to a range.
struct ClampBounds {
  var low = -Float.infinity
  var high = Float.infinity
}

extension Activation {
  var bounds: ClampBounds {
    switch self {
    case .none, .tanh, .sigmoid: ClampBounds()
    case .relu: ClampBounds(low: 0)
    case .relu6: ClampBounds(low: 0, high: 6)
    case .reluN1To1: ClampBounds(low: -1, high: 1)
    }
  }

  /// What is left to do after the clamp.
  var following: bk_unary_kind? {
    switch self {
    case .tanh: BK_TANH
    case .sigmoid: BK_SIGMOID
    case .none, .relu, .relu6, .reluN1To1: nil
    }
  }

  /// Applies what the clamp does not.
  func finish(
    _ execution: Execution, _ values: UnsafeMutablePointer<Float>, count: Int
  ) {
    if let kind = following {
      execution.unary(kind, count, values, values)
    }
  }

  /// Applies the whole activation in place.
  func apply(
    _ execution: Execution, _ values: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch self {
    case .none: return
    case .tanh, .sigmoid: finish(execution, values, count: count)
    case .relu, .relu6, .reluN1To1:
      execution.kernels.pointee.elementwise.f32_clamp(count, bounds.low, bounds.high, values)
    }
  }
}
