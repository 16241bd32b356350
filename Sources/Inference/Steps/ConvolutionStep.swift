internal import CKernels
internal import ModelFormat

/// A convolution as a product of its windows and its weights. With int8 weights and float activations
/// the whole input of a sample is quantized with one scale, so that windows share its values.
struct ConvolutionStep: NodeStep {
  private var window: Window
  private var rows: WindowRows
  private var matrix: Matrix
  private var activation: Activation
  private var arithmetic: Arithmetic
  private var x: UnsafeRawPointer
  private var y: UnsafeMutableRawPointer
  private var table: UnsafePointer<Int32>
  private var scratch: Scratch

  private enum Arithmetic {
    case float
    case dynamicRange
    case int8(inputZero: Int32, Requantization)
  }

  /// Parts of the scratch memory.
  private struct Scratch {
    var scale: UnsafeMutablePointer<Float>
    var quantized: UnsafeMutablePointer<Int8>
    var copy: UnsafeMutableRawPointer

    /// What kernels may read past the last run.
    static let slack = 64

    /// Bytes of the quantized sample and of its copy.
    static func bytes(_ rows: WindowRows, _ window: Window, isFloat: Bool, isDynamic: Bool) -> (
      quantized: Int, copy: Int
    ) {
      (
        isDynamic ? MemoryPlan.aligned(window.inputCount + slack) : 0,
        rows.copyCount > 0 ? MemoryPlan.aligned(rows.copyCount * (isFloat ? 4 : 1) + slack) : 0
      )
    }
  }

  /// What planning finds out about a node.
  private struct Plan {
    var window: Window
    var rows: WindowRows
    var request: MatrixRequest
    var result: MatrixResult
    var isFloat: Bool { !request.isInt8 }
    var isDynamic: Bool { request.isInt8 && result == .float }

    init(_ view: NodeView, _ convolution: Convolution2D) throws(InferenceError) {
      let (x, weights, y) = try (view.input(0), view.input(1), view.output())
      result = try view.result(of: x, to: y)
      try view.require(weights.shape.rank == 4, weights, "must have rank 4")
      window = try Window(
        view, x: x, y: y, kernel: Extent2D(height: weights.shape[1], width: weights.shape[2]),
        stride: convolution.stride, dilation: convolution.dilation, padding: convolution.padding)
      try view.require(
        weights.shape[3] == x.shape[3], weights, "reads other channels than the input")
      try view.require(weights.shape[0] == y.shape[3], y, "has not the weights' channels")
      _ = try (view.count(x), view.count(y))
      let isInt8 = weights.type == .int8
      try window.checkRows(view, x)
      let panel = isInt8 ? view.tile.int8 : view.tile.float
      rows = WindowRows(
        window.shape, isInt8: isInt8,
        columns: (y.shape[3] + panel - 1) / panel * panel)
      request = try view.matrix(
        weights: 1, bias: 2, n: y.shape[3], k: rows.k, segments: rows.segments, result: result)
    }
  }

  private static func convolution(of view: NodeView) -> Convolution2D {
    guard case .convolution2D(let convolution) = view.node.operation else {
      preconditionFailure("a convolution step is made from a convolution node")
    }
    return convolution
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let plan = try Plan(view, convolution(of: view))
    let parts = Scratch.bytes(
      plan.rows, plan.window, isFloat: plan.isFloat, isDynamic: plan.isDynamic)
    return Requirements(
      scratchBytes: 64 + parts.quantized + parts.copy, tableBytes: plan.rows.tableCount * 4,
      matrices: [plan.request])
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    let convolution = Self.convolution(of: view)
    let plan = try Plan(view, convolution)
    (window, rows, activation) = (plan.window, plan.rows, convolution.activation)
    matrix = binding.matrices[0]
    if case .int8(let input, let output, _) = plan.result {
      arithmetic = .int8(inputZero: input.zero, Requantization(activation, to: output))
    } else {
      arithmetic = plan.isDynamic ? .dynamicRange : .float
    }
    x = binding.input(0)
    y = binding.output
    let values = binding.table.assumingMemoryBound(to: Int32.self)
    rows.fill(values)
    table = UnsafePointer(values)
    let parts = Scratch.bytes(
      plan.rows, plan.window, isFloat: plan.isFloat, isDynamic: plan.isDynamic)
    scratch = Scratch(
      scale: binding.scratch.assumingMemoryBound(to: Float.self),
      quantized: (binding.scratch + 64).assumingMemoryBound(to: Int8.self),
      copy: binding.scratch + 64 + parts.quantized)
  }

  func run(_ execution: Execution) {
    for sample in 0..<window.batch {
      let (from, to) = (sample * window.inputCount, sample * window.outputPixels * matrix.n)
      switch arithmetic {
      case .float:
        runFloat(
          execution, x.assumingMemoryBound(to: Float.self) + from,
          y.assumingMemoryBound(to: Float.self) + to)
      case .dynamicRange:
        runDynamicRange(
          execution, x.assumingMemoryBound(to: Float.self) + from,
          y.assumingMemoryBound(to: Float.self) + to)
      case .int8(let inputZero, let requantization):
        let places = laidOut(
          execution, x + from, element: 1, fill: Int8(truncatingIfNeeded: inputZero))
        matrix.multiply(
          execution, rows: window.outputPixels, int8: places,
          c: y.assumingMemoryBound(to: Int8.self) + to, cStride: matrix.n,
          zero: requantization.zero, range: requantization.range)
      }
    }
  }

  private func runFloat(
    _ execution: Execution, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    matrix.multiply(
      execution, rows: window.outputPixels, floats: laidOut(execution, x, element: 4, fill: 0),
      c: y,
      cStride: matrix.n, bounds: activation.bounds)
    activation.finish(execution, y, count: window.outputPixels * matrix.n)
  }

  private func runDynamicRange(
    _ execution: Execution, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    let count = window.inputCount
    execution.kernels.pointee.quantized.f32_quantize_rows(
      1, count, x, count, scratch.quantized, count, scratch.scale)
    matrix.multiply(
      execution, rows: window.outputPixels,
      quantized: laidOut(execution, scratch.quantized, element: 1, fill: 0),
      rowScales: scratch.scale,
      scaleStride: 0, c: y, cStride: matrix.n, bounds: activation.bounds)
    activation.finish(execution, y, count: window.outputPixels * matrix.n)
  }

  /// The sample's rows, after copying it where they need a copy.
  private func laidOut(
    _ execution: Execution, _ x: UnsafeRawPointer, element: Int, fill: Int8
  ) -> bk_rows {
    let flips = element == 1 && execution.kernels.pointee.i8_flips
    guard
      let layout = rows.layout(x, element: element, fill: fill, flips: flips, to: scratch.copy)
    else { return rows.rows(x, table) }
    execution.run(layout, bytes: rows.copyCount * element)
    return rows.rows(scratch.copy, table, flipped: flips)
  }
}
