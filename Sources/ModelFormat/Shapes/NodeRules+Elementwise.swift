extension NodeRules {
  func checkBinary(_ kind: BinaryKind, _ activation: Activation) throws(GraphError) {
    try expectOperands(2)
    let (a, b) = (input(0), input(1))
    if kind.isComparison, a.type == .int8 {
      // What a comparison finds is a float, whatever it compares.
      for operand in [a, b] { try expectQuantizedActivation(operand) }
      try require(output.type == .float32, "gives float32, not \(output.type.name)")
      try require(activation == .none, "has a fused activation that int8 operators do not have")
    } else {
      try expectFloatOrInt8([a, b])
    }
    if output.type == .int8 {
      try expectClamp(activation)
      switch kind {
      case .add, .subtract, .multiply, .divide, .squaredDifference, .prelu: break
      case .minimum, .maximum: try expectMoved([a, b])
      case .power, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
        throw error("has no int8 form")
      }
    }
    try expectOutput(try broadcast(a.shape.dimensions, b.shape.dimensions))
  }

  func checkUnary(_ kind: UnaryKind) throws(GraphError) {
    try expectOperands(1)
    try expectFloatOrInt8([input(0)])
    if output.type == .int8 {
      switch kind {
      case .sigmoid: try expectFixed(scale: 1 / 256, zeroPoint: -128)
      case .tanh: try expectFixed(scale: 1 / 128, zeroPoint: 0)
      default: try require(kind.hasInt8Form, "has no int8 form")
      }
    }
    try expectOutput(input(0).shape.dimensions)
  }

  func checkSoftmax(_ beta: Float) throws(GraphError) {
    try expectOperands(1)
    let x = input(0)
    try require(x.shape.rank >= 1, "takes at least 1 axis at \(x.name)")
    try require(beta.isFinite && beta > 0, "has a beta that is not positive")
    try expectFloatOrInt8([x])
    if output.type == .int8 { try expectFixed(scale: 1 / 256, zeroPoint: -128) }
    try expectOutput(x.shape.dimensions)
  }

  func checkReduce(
    _ kind: ReduceKind, _ axes: [Int], _ keepDimensions: Bool
  ) throws(GraphError) {
    try expectOperands(1)
    let x = input(0)
    try expectFloatOrInt8([x])
    if output.type == .int8, kind == .maximum { try expectMoved([x]) }
    try require(!axes.isEmpty, "has no axis to reduce over")
    for position in axes.indices {
      try require(
        x.shape.dimensions.indices.contains(axes[position])
          && (position == 0 || axes[position - 1] < axes[position]),
        "has axes that are not ascending ones of \(x.shape.description)")
    }
    var shape: [Int] = []
    for (axis, extent) in x.shape.dimensions.enumerated() {
      if !axes.contains(axis) {
        shape.append(extent)
      } else if keepDimensions {
        shape.append(1)
      }
    }
    try expectOutput(shape)
  }

  /// Quantizing float32, or quantizing int8 anew.
  func checkQuantize() throws(GraphError) {
    try expectOperands(1)
    if input(0).type == .int8 {
      try expectQuantizedActivation(input(0))
    } else {
      try require(
        input(0).type == .float32,
        "takes float32 or int8 at \(input(0).name), not \(input(0).type.name)")
    }
    try expectQuantizedActivation(output)
    try expectOutput(input(0).shape.dimensions)
  }

  func checkDequantize() throws(GraphError) {
    try expectOperands(1)
    try expectQuantizedActivation(input(0))
    try require(output.type == .float32, "gives float32, not \(output.type.name)")
    try expectOutput(input(0).shape.dimensions)
  }

  /// The shape that both broadcast to, as in NumPy.
  func broadcast(_ a: [Int], _ b: [Int]) throws(GraphError) -> [Int] {
    var shape = a.count >= b.count ? a : b
    let shorter = a.count >= b.count ? b : a
    let shift = shape.count - shorter.count
    for (axis, extent) in shorter.enumerated() where extent != shape[axis + shift] {
      try require(
        extent == 1 || shape[axis + shift] == 1,
        "cannot broadcast \(Shape(a).description) and \(Shape(b).description)")
      if extent != 1 { shape[axis + shift] = extent }
    }
    return shape
  }
}
