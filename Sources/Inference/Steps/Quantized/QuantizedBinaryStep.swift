internal import CKernels
internal import ModelFormat

/// A function of two int8 operands, broadcast against each other, in TFLite's fixed-point arithmetic.
struct QuantizedBinaryStep: NodeStep {
  private var arguments: bk_i8_binary_args
  /// Where a comparison writes; `nil` for what gives int8.
  private var truths: UnsafeMutablePointer<Float>?
  private var count: Int
  /// Elements of the output for each index of the outermost axis.
  private var inner: Int
  private var isCutAlike: Bool

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    _ = try scales(of: view)
    _ = try BinaryStep.walk(of: view)
    return Requirements()
  }

  /// The operands' scales, the result's, and how far operands are shifted left before.
  private struct Scales {
    var a: QuantizedMultiplier
    var b: QuantizedMultiplier
    var y: QuantizedMultiplier
    var left: Int32
  }

  private static func scales(of view: NodeView) throws(InferenceError) -> Scales {
    guard case .binary(let kind, let activation) = view.node.operation else {
      preconditionFailure("a binary step is made from a binary node")
    }
    let a = try view.quantizedInput(0).affine.scale
    let b = try view.quantizedInput(1).affine.scale
    let tensor = try view.output()
    if kind.isComparison {
      try view.require(tensor.type == .float32, tensor, "must be float32")
      return Scales(
        a: QuantizedMultiplier(Double(a)), b: QuantizedMultiplier(Double(b)),
        y: QuantizedMultiplier(0), left: 8)
    }
    let affine = try view.quantizedOutput().affine
    let y = affine.scale
    try view.require(activation.following == nil, tensor, "has an activation that is no clamp")
    let one = QuantizedMultiplier(1)
    let twice = 2 * Double(max(a, b))
    let scales: Scales
    switch kind {
    case .add, .subtract:
      scales = Scales(
        a: QuantizedMultiplier(Double(a) / twice), b: QuantizedMultiplier(Double(b) / twice),
        y: QuantizedMultiplier(twice / (Double(1 << 20) * Double(y))), left: 20)
    case .squaredDifference:
      scales = Scales(
        a: QuantizedMultiplier(Double(a) / twice), b: QuantizedMultiplier(Double(b) / twice),
        y: QuantizedMultiplier(twice * twice / (Double(1 << 14) * Double(y))), left: 7)
    case .multiply:
      // In single precision, as TFLite takes it.
      scales = Scales(a: one, b: one, y: QuantizedMultiplier(Double(a * b / y)), left: 0)
    case .minimum, .maximum:
      let isOne = try view.quantizedInput(0).affine == affine
      let isOther = try view.quantizedInput(1).affine == affine
      try view.require(isOne && isOther, tensor, "is quantized otherwise than its operands")
      scales = Scales(a: one, b: one, y: one, left: 0)
    case .prelu:
      scales = Scales(
        a: QuantizedMultiplier(Double(a / y)), b: one, y: QuantizedMultiplier(Double(a * b / y)),
        left: 0)
    case .divide:
      scales = Scales(a: one, b: one, y: QuantizedMultiplier(Double(a / (b * y))), left: 0)
    case .power, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      throw .unsupported(
        layer: view.name, tensor: tensor.name, reason: "\(kind.name) is not computed in int8")
    }
    // A sum of 2^29 times more than this would leave int32 before it is clamped.
    try view.require(
      scales.y.shift <= 0 || scales.left == 0, tensor,
      "has a scale too fine for those of its operands")
    return scales
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .binary(let kind, let activation) = view.node.operation else {
      preconditionFailure("a binary step is made from a binary node")
    }
    let scales = try Self.scales(of: view)
    let output =
      kind.isComparison ? AffineScale(scale: 1, zero: 0) : try view.quantizedOutput().affine
    let range = activation.range(in: output)
    if kind.isComparison { truths = binding.outputFloats }
    count = try view.count(view.output())
    arguments = bk_i8_binary_args(
      kind: bk_binary_kind(UInt32(kind.rawValue)), walk: try BinaryStep.walk(of: view).broadcast,
      a_zero: try view.quantizedInput(0).affine.zero,
      b_zero: try view.quantizedInput(1).affine.zero, y_zero: output.zero, left: scales.left,
      a_scale: scales.a.scale, b_scale: scales.b.scale, y_scale: scales.y.scale,
      low: range.lowerBound, high: range.upperBound,
      a: binding.input(0).assumingMemoryBound(to: Int8.self),
      b: binding.input(1).assumingMemoryBound(to: Int8.self),
      y: binding.output.assumingMemoryBound(to: Int8.self))
    inner = try view.count(view.output()) / arguments.walk.extents.0
    isCutAlike = try BinaryStep.isCutAlike(view, arguments.walk)
  }

  func run(_ execution: Execution) {
    if arguments.kind == BK_DIVIDE || truths != nil {
      run(execution, 0..<arguments.walk.extents.0)
    } else {
      execution.run(arguments, count: count)
    }
  }

  var jointWork: JointWork? {
    let work = JointWork.rows(arguments.walk.extents.0)
    return isCutAlike ? work : work.map { _ in JointWork(macs: 0) }
  }

  func run(_ execution: Execution, _ share: RowShare) {
    run(execution, share.of(arguments.walk.extents.0))
  }

  /// A range along the outermost axis.
  private func run(_ execution: Execution, _ range: Range<Int>) {
    // Walks take one turn at least.
    if range.isEmpty { return }
    var arguments = arguments
    let start = range.lowerBound
    arguments.walk.extents.0 = range.count
    arguments.a += start * arguments.walk.a_strides.0
    arguments.b += start * arguments.walk.b_strides.0
    if arguments.kind == BK_DIVIDE || truths != nil {
      // Comparisons leave the int8 result alone, which they have not got.
      if truths == nil { arguments.y += start * inner }
      bk_i8_rare_binary(&arguments, truths.map { $0 + start * inner })
    } else {
      arguments.y += start * inner
      execution.kernels.pointee.quantized.i8_binary(&arguments)
    }
  }
}
