internal import CKernels
internal import ModelFormat

/// The door for callers that hold float32 whatever the model takes: sensors, probe sets, labelled windows.
extension Interpreter {
  /// Bytes that all inputs take together as float32.
  public var floatInputBytes: Int { inputs.reduce(0) { $0 + $1.floatByteCount } }
  /// Bytes that all outputs take together as float32.
  public var floatOutputBytes: Int { outputs.reduce(0) { $0 + $1.floatByteCount } }

  /// Computes float32 outputs from float32 inputs, as ``run(input:output:)`` does for models of float32.
  ///
  /// An int8 input is quantized with the model's own scale and zero point, rounding half away from zero as TFLite's
  /// `QUANTIZE` does; an int8 output becomes `scale · (q - zero point)`. Both buffers are aligned as floats are.
  public func run(
    floats input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer
  ) throws(InferenceError) {
    try checkSizes(input.count, floatInputBytes, output.count, floatOutputBytes)
    var start = 0
    for index in inputs.indices {
      let count = inputs[index].floatByteCount / 4
      let values = input.baseAddress.map {
        ($0 + start).assumingMemoryBound(to: Float.self)
      }
      start += inputs[index].floatByteCount
      guard let values else { continue }
      let position = bk_f32_first_not_finite(count, values)
      if position < count { throw .notFinite(tensor: inputs[index].name, position: position) }
      let place = arena + inputOffsets[index]
      if inputs[index].type == .int8 {
        var (scale, zero) = inputs[index].affine
        bk_quantize_affine(
          1, 1, count, values, &scale, &zero, place.assumingMemoryBound(to: Int8.self))
      } else {
        place.copyMemory(from: values, byteCount: count * 4)
      }
    }
    try compute()
    start = 0
    for index in outputs.indices {
      let bytes = outputs[index].floatByteCount
      let place = arena + outputOffsets[index]
      if let to = output.baseAddress.map({ $0 + start }) {
        if outputs[index].type == .int8 {
          var (scale, zero) = outputs[index].affine
          bk_dequantize_affine(
            1, 1, bytes / 4, place.assumingMemoryBound(to: Int8.self), &scale, &zero,
            to.assumingMemoryBound(to: Float.self))
        } else {
          to.copyMemory(from: place, byteCount: bytes)
        }
      }
      start += bytes
    }
  }
}

extension TensorSpec {
  var floatByteCount: Int { 4 * (shape.elementCount ?? 0) }

  /// Values without a scale count for themselves.
  fileprivate var affine: (scale: Float, zero: Int32) {
    guard let quantization, let scale = quantization.scales.first,
      let zero = quantization.zeroPoints.first
    else { return (1, 0) }
    return (scale, zero)
  }

  /// Whether float32 values stand for this tensor's.
  public var holdsReals: Bool { type == .float32 || type == .int8 }
}
