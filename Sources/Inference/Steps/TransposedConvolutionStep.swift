internal import CKernels
internal import ModelFormat

/// A transposed convolution as one ordinary convolution for each phase of its strides, each a product over
/// rows of a padded copy of the input. With int8 weights and float activations the whole input of a sample is
/// quantized with one scale.
struct TransposedConvolutionStep: NodeStep {
  private var plan: Plan
  private var matrices: [Matrix]
  private var arithmetic: Arithmetic
  private var activation: Activation
  private var x: UnsafeRawPointer
  private var y: UnsafeMutableRawPointer
  private var table: UnsafePointer<Int32>
  private var scale: UnsafeMutablePointer<Float>
  private var quantized: UnsafeMutablePointer<Int8>
  private var copy: UnsafeMutableRawPointer

  private enum Arithmetic {
    case float
    case dynamicRange
    case int8(inputZero: Int32, Requantization)
  }

  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements {
    let plan = try Plan(view)
    return Requirements(
      scratchBytes: 64 + plan.quantizedBytes + plan.copyBytes, tableBytes: plan.mostSegments * 4,
      matrices: plan.requests)
  }

  init(_ view: NodeView, _ binding: Binding) throws(InferenceError) {
    plan = try Plan(view)
    activation = plan.activation
    matrices = binding.matrices
    if case .int8(let input, let output, _) = plan.result {
      arithmetic = .int8(inputZero: input.zero, Requantization(plan.activation, to: output))
    } else {
      arithmetic = plan.isInt8 ? .dynamicRange : .float
    }
    (x, y) = (binding.input(0), binding.output)
    let offsets = binding.table.assumingMemoryBound(to: Int32.self)
    for segment in 0..<plan.mostSegments { offsets[segment] = Int32(segment * plan.rowCount) }
    table = UnsafePointer(offsets)
    scale = binding.scratch.assumingMemoryBound(to: Float.self)
    quantized = (binding.scratch + 64).assumingMemoryBound(to: Int8.self)
    copy = binding.scratch + 64 + plan.quantizedBytes
  }

  func run(_ execution: Execution) {
    for sample in 0..<plan.batch {
      let (from, to) = (sample * plan.inputCount, sample * plan.outputCount)
      switch arithmetic {
      case .float:
        let a = padded(x + from * 4, element: 4, fill: 0)
        multiplyFloat(execution, a, y.assumingMemoryBound(to: Float.self) + to)
      case .dynamicRange:
        execution.kernels.pointee.quantized.f32_quantize_rows(
          1, plan.inputCount, x.assumingMemoryBound(to: Float.self) + from, plan.inputCount,
          quantized, plan.inputCount, scale)
        let a = padded(quantized, element: 1, fill: 0)
        multiplyFloat(execution, a, y.assumingMemoryBound(to: Float.self) + to)
      case .int8(let inputZero, let requantization):
        let a = padded(x + from, element: 1, fill: Int8(truncatingIfNeeded: inputZero))
        multiplyInt8(execution, a, y.assumingMemoryBound(to: Int8.self) + to, requantization)
      }
    }
  }

  private func multiplyFloat(
    _ execution: Execution, _ a: UnsafeRawPointer, _ y: UnsafeMutablePointer<Float>
  ) {
    for index in plan.parts.indices {
      let part = plan.parts[index]
      for row in 0..<part.rows {
        let c = y + part.output + row * plan.outputRowStride
        if plan.isInt8 {
          matrices[index].multiply(
            execution, rows: part.columns, quantized: rows(a, part, row), rowScales: scale,
            scaleStride: 0, c: c, cStride: plan.outputStride, bounds: activation.bounds)
        } else {
          matrices[index].multiply(
            execution, rows: part.columns, floats: rows(a, part, row), c: c,
            cStride: plan.outputStride, bounds: activation.bounds)
        }
      }
    }
    activation.finish(execution, y, count: plan.outputCount)
  }

  private func multiplyInt8(
    _ execution: Execution, _ a: UnsafeRawPointer, _ y: UnsafeMutablePointer<Int8>,
    _ requantization: Requantization
  ) {
    for index in plan.parts.indices {
      let part = plan.parts[index]
      for row in 0..<part.rows {
        matrices[index].multiply(
          execution, rows: part.columns, int8: rows(a, part, row),
          c: y + part.output + row * plan.outputRowStride, cStride: plan.outputStride,
          zero: requantization.zero, range: requantization.range)
      }
    }
  }

  /// What an output row of a part reads.
  private func rows(_ a: UnsafeRawPointer, _ part: Plan.Part, _ row: Int) -> bk_rows {
    let size = plan.isInt8 ? 1 : 4
    return bk_rows(
      a: a + (part.input + row * plan.rowCount) * size, stride: plan.channels, rows: nil,
      segments: part.segments, segment_offsets: table, k: part.k, flipped: false)
  }

  private func padded(_ x: UnsafeRawPointer, element: Int, fill: Int8) -> UnsafeRawPointer {
    if plan.copyBytes == 0 { return x }
    var window = plan.window
    bk_pad_image(&window, element, fill, x, 0, plan.height, plan.width, copy)
    return UnsafeRawPointer(copy)
  }
}
