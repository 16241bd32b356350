internal import CKernels
internal import ModelFormat

/// Operands of nodes that compute in int8.
extension NodeView {
  /// An int8 input with its scale and zero point.
  func quantizedInput(
    _ position: Int
  ) throws(InferenceError) -> (tensor: Tensor, affine: AffineScale) {
    let tensor = try input(position)
    return (tensor, try affine(of: tensor))
  }

  func quantizedOutput() throws(InferenceError) -> (tensor: Tensor, affine: AffineScale) {
    let tensor = try output()
    return (tensor, try affine(of: tensor))
  }

  /// What products give where `x` and `y` are both float32, or both int8.
  func result(of x: Tensor, to y: Tensor) throws(InferenceError) -> MatrixResult {
    if x.type == .float32 {
      try require(y.type == .float32, y, "must be float32")
      return .float
    }
    return .int8(input: try affine(of: x), output: try affine(of: y), roundsProduct: false)
  }

  private func affine(of tensor: Tensor) throws(InferenceError) -> AffineScale {
    try require(tensor.type == .int8, tensor, "must be int8")
    guard let affine = tensor.affineScale else {
      throw .unsupported(
        layer: name, tensor: tensor.name, reason: "must have one scale and zero point")
    }
    let isSound = affine.scale.isFinite && affine.scale > 0 && (-128...127).contains(affine.zero)
    try require(isSound, tensor, "has a scale or zero point that no int8 value has")
    return affine
  }

  /// Whether the node takes and gives int8, moving nothing and converting nothing.
  var computesInInt8: Bool {
    guard let id = node.outputs.first else { return false }
    let takesInt8 = node.inputs.first.map { $0.map { graph[$0].type == .int8 } } == true
    // Comparisons of int8 give floats.
    if case .binary = node.operation, takesInt8 { return true }
    guard graph[id].type == .int8 else { return false }
    switch node.operation {
    case .dense, .batchMatMul, .binary, .unary, .leakyReLU, .softmax, .reduce, .lstm, .logSoftmax,
      .l2Normalization, .layerNormalization, .attention, .gru:
      return true
    case .quantize: return takesInt8
    default: return false
    }
  }
}

extension QuantizedMultiplier {
  /// As kernels take it.
  var scale: bk_scale { bk_scale(multiplier: multiplier, shift: shift) }
}

extension Activation {
  /// The int8 values that the activation leaves, as TFLite rounds its bounds: zero point + round(bound / scale).
  func range(in affine: AffineScale) -> ClosedRange<Int32> {
    func level(_ bound: Float) -> Int32 {
      let levels = (bound / affine.scale).rounded(.toNearestOrAwayFromZero) + Float(affine.zero)
      return Int32(max(-128, min(127, levels)))
    }
    let low = bounds.low.isFinite ? level(bounds.low) : -128
    let high = bounds.high.isFinite ? level(bounds.high) : 127
    return low...max(low, high)
  }
}
