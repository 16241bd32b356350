internal import ModelFormat

extension Tensor {
  /// The elements of a constant as float32; `nil` for what is no constant of reals.
  var floats: [Float]? {
    guard let data, let count = shape.elementCount else { return nil }
    switch type {
    case .float32:
      return (0..<count).map { Float(bitPattern: UInt32(littleEndian: data, at: 4 * $0)) }
    case .float16:
      return (0..<count).map { Binary16.number(UInt16(littleEndian: data, at: 2 * $0)) }
    case .int8:
      guard let quantization, quantization.zeroPoints.allSatisfy({ $0 == 0 }) else { return nil }
      let scales = quantization.scales
      guard scales.count == 1 || (quantization.axis == 0 && scales.count == shape[0]) else {
        return nil
      }
      let row = count / scales.count
      return (0..<count).map { scales[$0 / row] * Float(Int8(bitPattern: data[$0])) }
    case .int16, .int32, .int4: return nil
    }
  }
}
