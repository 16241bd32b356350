import ModelFormat

/// A tensor as people and programs are told of it: where it is quantized, with its scale and zero point.
struct ShownTensor {
  var tensor: Tensor

  /// The one scale of an activation; `nil` where there is none, or one for each channel.
  var scale: Float? {
    guard let scales = tensor.quantization?.scales, scales.count == 1 else { return nil }
    return scales[0]
  }

  var zeroPoint: Int32? { scale == nil ? nil : tensor.quantization?.zeroPoints.first }

  /// `[1, 64, 6] int8 (scale 0.0157, zero point 3)`.
  var text: String {
    let plain = "\(tensor.shape) \(tensor.type)"
    guard let scale, let zeroPoint else { return plain }
    return "\(plain) (scale \(scale), zero point \(zeroPoint))"
  }

  /// How a constant is stored: its type, and where its scales stand.
  var storage: String {
    if tensor.type == .int4 { return "int4 in blocks of \(Int4Blocks.values)" }
    guard let axis = tensor.quantization?.axis else { return "\(tensor.type)" }
    return "\(tensor.type) per channel of axis \(axis)"
  }

  var json: JSON {
    .object([
      "name": .string(tensor.name), "shape": .array(tensor.shape.dimensions.map { .count($0) }),
      "type": .string("\(tensor.type)"), "scale": .optional(scale.map(Double.init)),
      "zero_point": .optional(zeroPoint),
    ])
  }
}
