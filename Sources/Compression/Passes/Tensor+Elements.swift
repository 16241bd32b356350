internal import ModelFormat

extension Tensor {
  /// The elements of a constant as real numbers.
  func floats() throws(CompressionError) -> [Float] {
    guard let data, let count = shape.elementCount, data.count == byteCount else {
      throw .malformed(tensor: name)
    }
    switch type {
    case .float32:
      return (0..<count).map { index in
        let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[4 * index + $1]) << (8 * $1) }
        return Float(bitPattern: word)
      }
    case .float16:
      return (0..<count).map { index in
        Binary16.number(UInt16(data[2 * index]) | UInt16(data[2 * index + 1]) << 8)
      }
    case .int4:
      guard let floats = Int4Blocks.floats(data, run: shape.dimensions.last ?? 0) else {
        throw .malformed(tensor: name)
      }
      return floats
    case .int8: return try dequantized(data)
    case .int16, .int32: throw .malformed(tensor: name)
    }
  }

  private func dequantized(_ data: [UInt8]) throws(CompressionError) -> [Float] {
    guard let quantization, quantization.scales.count == quantization.zeroPoints.count else {
      throw .malformed(tensor: name)
    }
    let scales = quantization.scales
    var inner = data.count
    if let axis = quantization.axis {
      guard shape.dimensions.indices ~= axis, shape[axis] == scales.count else {
        throw .malformed(tensor: name)
      }
      inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    } else if scales.count != 1 {
      throw .malformed(tensor: name)
    }
    return data.indices.map { index in
      let channel = index / max(inner, 1) % scales.count
      let level = Int32(Int8(bitPattern: data[index])) - quantization.zeroPoints[channel]
      return scales[channel] * Float(level)
    }
  }

  /// Refuses infinities and NaN among `values`, the tensor's own.
  func checkFinite(_ values: [Float]) throws(CompressionError) {
    if let element = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(tensor: name, element: element)
    }
  }
}
