extension NodeRules {
  /// Requires operands that compute in float32 (constants may be stored as float16), or all in int8 with one scale each.
  func expectFloatOrInt8(_ operands: [Tensor]) throws(GraphError) {
    if output.type == .int8 {
      for tensor in operands { try expectQuantizedActivation(tensor) }
      try expectQuantizedActivation(output)
    } else {
      for tensor in operands { try expectFloat(tensor) }
      try require(output.type == .float32, "gives float32, not \(output.type.name)")
    }
  }

  func expectFloat(_ tensor: Tensor) throws(GraphError) {
    try require(
      tensor.type == .float32 || (tensor.type == .float16 && tensor.isConstant),
      "takes float32 at \(tensor.name), not \(tensor.type.name)")
  }

  /// int8 with one scale.
  func expectQuantizedActivation(_ tensor: Tensor) throws(GraphError) {
    try require(tensor.type == .int8, "takes int8 at \(tensor.name), not \(tensor.type.name)")
    guard let quantization = tensor.quantization, quantization.axis == nil else {
      throw error("takes one scale and zero point at \(tensor.name)")
    }
  }

  /// Requires the quantization that an int8 operator's output always has.
  func expectFixed(scale: Float, zeroPoint: Int32) throws(GraphError) {
    try require(
      output.quantization == Quantization(scales: [scale], zeroPoints: [zeroPoint]),
      "gives int8 with scale \(scale) and zero point \(zeroPoint), and \(output.name) is quantized otherwise"
    )
  }

  /// Requires a fused activation that an int8 operator applies by clamping.
  func expectClamp(_ activation: Activation) throws(GraphError) {
    switch activation {
    case .none, .relu, .relu6, .reluN1To1: return
    case .tanh, .sigmoid: throw error("has a fused activation that int8 operators do not have")
    }
  }

  /// Requires the types of an operator with weights.
  ///
  /// Float: activations float32, weights float32, float16, int8 (dynamic-range), or int4 where the operator
  /// `takesBlocks`, bias float. Quantized: activations
  /// int8, weights int8, bias int32. int8 weights are symmetric, with one scale or one for each index of
  /// `channelAxis`.
  func expectWeighted(
    _ x: Tensor, weights: [Tensor], bias: Tensor?, activation: Activation, channelAxis: Int = 0,
    takesBlocks: Bool = false
  ) throws(GraphError) {
    let isQuantized = x.type == .int8
    if isQuantized {
      try expectClamp(activation)
      try expectQuantizedActivation(x)
      try expectQuantizedActivation(output)
    } else {
      try require(x.type == .float32, "takes float32 at \(x.name), not \(x.type.name)")
      try require(output.type == .float32, "gives float32, not \(output.type.name)")
    }
    for tensor in weights {
      if tensor.type == .int8 {
        try expectSymmetric(tensor, axis: channelAxis)
      } else if tensor.type == .int4, takesBlocks, !isQuantized {
        try require(tensor.isConstant, "takes a constant at \(tensor.name), which is int4")
      } else {
        try require(!isQuantized, "takes int8 at \(tensor.name), not \(tensor.type.name)")
        try expectFloat(tensor)
      }
    }
    guard let bias else { return }
    if isQuantized {
      try require(bias.type == .int32, "takes int32 at \(bias.name), not \(bias.type.name)")
    } else {
      try expectFloat(bias)
    }
  }

  func expectSymmetric(_ tensor: Tensor, axis: Int) throws(GraphError) {
    guard let quantization = tensor.quantization else {
      throw error("takes scales at \(tensor.name), which is int8")
    }
    try require(
      quantization.axis == nil || quantization.axis == axis,
      "takes scales along axis \(axis) at \(tensor.name)")
    try require(
      quantization.zeroPoints.allSatisfy { $0 == 0 }, "takes zero points of 0 at \(tensor.name)")
  }

  /// Requires the output to hold the very numbers of `tensors`: the same type and quantization.
  func expectMoved(_ tensors: [Tensor]) throws(GraphError) {
    for tensor in tensors {
      let widens = tensor.type == .float16 && tensor.isConstant && output.type == .float32
      try require(
        tensor.type == output.type || widens,
        "moves \(tensor.type.name) at \(tensor.name) into \(output.type.name)")
      try require(
        tensor.quantization == output.quantization,
        "moves \(tensor.name) into \(output.name), which is quantized otherwise")
    }
  }
}

extension UnaryKind {
  /// Whether the function is defined from int8 to int8: all that map an element by a table.
  public var hasInt8Form: Bool {
    switch self {
    case .relu, .relu6, .reluN1To1, .tanh, .sigmoid, .absolute, .exponential, .logarithm,
      .squareRoot, .reciprocalSquareRoot, .elu, .hardSwish, .gelu, .geluTanh, .selu, .silu, .erf,
      .negate:
      true
    case .square: false
    }
  }
}

extension BinaryKind {
  /// Whether the function gives 1 or 0 for what it finds.
  public var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    case .add, .subtract, .multiply, .divide, .minimum, .maximum, .squaredDifference, .power,
      .prelu:
      false
    }
  }
}
