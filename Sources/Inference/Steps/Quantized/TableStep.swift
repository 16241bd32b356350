internal import CKernels
internal import ModelFormat

/// A function of each int8 element, and changing scales: a table of 256, made once.
struct TableStep: NodeStep {
  private var x: UnsafePointer<Int8>
  private var y: UnsafeMutablePointer<Int8>
  private var count: Int
  private var table: [Int8]

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let (x, _) = try view.quantizedInput(0)
    let (y, _) = try view.quantizedOutput()
    try view.require(try view.count(y) == view.count(x), y, "has not the input's size")
    if case .unary(let kind) = view.node.operation {
      try view.require(kind.hasInt8Form, y, "\(kind.name) is not computed in int8")
    }
    if case .leakyReLU(let alpha) = view.node.operation {
      try view.require(alpha >= 0, y, "has a negative slope, which is not computed in int8")
    }
    return Requirements()
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    let (_, input) = try view.quantizedInput(0)
    let (tensor, output) = try view.quantizedOutput()
    x = binding.input(0).assumingMemoryBound(to: Int8.self)
    y = binding.output.assumingMemoryBound(to: Int8.self)
    count = try view.count(tensor)
    table = [Int8](repeating: 0, count: 256)
    var function = bk_i8_function(
      x_scale: input.scale, y_scale: output.scale, x_zero: input.zero, y_zero: output.zero,
      rescale: QuantizedMultiplier(Double(input.scale) / Double(output.scale)).scale,
      low: -128, high: 127)
    if view.node.operation == .quantize {
      bk_i8_rescale_table(&function, &table)
      return
    }
    // TFLite divides these in single precision.
    function.rescale = QuantizedMultiplier(Double(input.scale / output.scale)).scale
    if case .leakyReLU(let alpha) = view.node.operation {
      function.rescale =
        QuantizedMultiplier(Double(input.scale * alpha / output.scale)).scale
      bk_i8_rescale_table(&function, &table)
      let below = table
      function.rescale = QuantizedMultiplier(Double(input.scale / output.scale)).scale
      bk_i8_rescale_table(&function, &table)
      let zero = Int(input.zero) + 128
      table.replaceSubrange(..<zero, with: below[..<zero])
      return
    }
    guard case .unary(let kind) = view.node.operation else {
      preconditionFailure("a table is made from a function of one element")
    }
    if kind == .reciprocalSquareRoot {
      let scale = 1 / (input.scale.squareRoot() * output.scale)
      function.rescale = QuantizedMultiplier(Double(scale)).scale
    }
    if let activation = kind.clamp {
      let range = activation.range(in: output)
      (function.low, function.high) = (range.lowerBound, range.upperBound)
    }
    bk_i8_unary_table(bk_unary_kind(UInt32(kind.rawValue)), &function, &table)
  }

  func run(_ execution: Execution) {
    execution.kernels.pointee.quantized.i8_table(count, table, x, y)
  }

  var jointWork: JointWork? { .rows(count) }

  func run(_ execution: Execution, _ share: RowShare) {
    let range = share.of(count)
    execution.kernels.pointee.quantized.i8_table(
      range.count, table, x + range.lowerBound, y + range.lowerBound)
  }
}

extension UnaryKind {
  /// The activation that does the same by clamping.
  fileprivate var clamp: Activation? {
    switch self {
    case .relu: .relu
    case .relu6: .relu6
    case .reluN1To1: .reluN1To1
    default: nil
    }
  }
}
