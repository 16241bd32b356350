internal import CKernels
internal import ModelFormat

/// Mean, sum or maximum of int8 over axes. Axes that are not neighbours are first brought together.
struct QuantizedReduceStep: NodeStep {
  private var kind: ReduceKind
  private var arguments: bk_i8_sum_args
  private var gathering: bk_copy?
  private var scratch: UnsafeMutableRawPointer

  private static func axes(of view: NodeView) throws(InferenceError) -> [Int] {
    guard case .reduce(let kind, let axes, _) = view.node.operation else {
      preconditionFailure("a reduce step is made from a reduce node")
    }
    let (x, input) = try view.quantizedInput(0)
    let (y, output) = try view.quantizedOutput()
    let size = try ReduceStep.remaining(axes, of: x, view)
    try view.require(try view.count(y) == size, y, "has not the size that is left")
    try view.require(try view.count(x) / size <= 1 << 22, x, "has too many values to add")
    if kind == .maximum {
      try view.require(input == output, y, "is quantized otherwise than the input")
    }
    return axes
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let axes = try axes(of: view)
    if ReduceStep.areNeighbours(axes) { return Requirements() }
    let x = try view.input(0)
    try view.require(
      ReduceStep.gather(axes, x.shape).fits, x, "has too many axes that do not merge")
    return Requirements(scratchBytes: try view.count(x))
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    guard case .reduce(let kind, let axes, _) = view.node.operation else {
      preconditionFailure("a reduce step is made from a reduce node")
    }
    self.kind = kind
    let (x, input) = try view.quantizedInput(0)
    let (_, output) = try view.quantizedOutput()
    let total = try view.count(x)
    let reduced = axes.reduce(1) { $0 * x.shape[$1] }
    var inner = 1
    if ReduceStep.areNeighbours(axes) {
      if let last = axes.last { inner = x.shape.dimensions[(last + 1)...].reduce(1) { $0 * $1 } }
    } else {
      gathering = ReduceStep.gather(axes, x.shape).copy(elementSize: 1)
    }
    arguments = bk_i8_sum_args(
      outer: total / reduced / inner, reduced: reduced, inner: inner,
      zero_sum: input.zero &* Int32(truncatingIfNeeded: reduced), y_zero: output.zero,
      scale: Self.scale(kind, input, output, reduced).scale,
      x: binding.input(0).assumingMemoryBound(to: Int8.self),
      y: binding.output.assumingMemoryBound(to: Int8.self))
    scratch = binding.scratch
    if gathering != nil { arguments.x = UnsafePointer(scratch.assumingMemoryBound(to: Int8.self)) }
    source = binding.input(0)
  }

  private var source: UnsafeRawPointer

  /// Of the sum; a mean divides by the count within the multiplier, as TFLite does.
  private static func scale(
    _ kind: ReduceKind, _ input: AffineScale, _ output: AffineScale, _ count: Int
  ) -> QuantizedMultiplier {
    var scale = QuantizedMultiplier(Double(input.scale) / Double(output.scale))
    guard kind == .mean else { return scale }
    let bits = Int32(63 - UInt64(count).leadingZeroBitCount)
    let shift = min(bits, 31 + scale.shift)
    let divided = (Int64(scale.multiplier) << Int64(shift)) / Int64(count)
    scale.multiplier = Int32(truncatingIfNeeded: divided)
    scale.shift -= shift
    return scale
  }

  func run(_ execution: Execution) {
    if var gathering { bk_copy_run(&gathering, source, scratch) }
    run(execution, outer: 0..<arguments.outer)
  }

  var jointWork: JointWork? { gathering == nil ? .rows(arguments.outer) : nil }

  func run(_ execution: Execution, _ share: RowShare) {
    run(execution, outer: share.of(arguments.outer))
  }

  private func run(_ execution: Execution, outer: Range<Int>) {
    var arguments = arguments
    arguments.outer = outer.count
    arguments.x += outer.lowerBound * arguments.reduced * arguments.inner
    arguments.y += outer.lowerBound * arguments.inner
    switch kind {
    case .mean, .sum: execution.kernels.pointee.quantized.i8_sum(&arguments)
    case .maximum: bk_i8_maximum(&arguments)
    }
  }
}
