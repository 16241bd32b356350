public import ModelFormat

/// Weights as int8 with one scale for each output channel; activations are quantized at run time.
///
/// For channel c: `scale = max |w| / 127`, `q = round(w / scale)` with ties away from zero, in
/// [-127, 127], zero point 0. That is the symmetric scheme of TensorFlow Lite's specification, but
/// per channel in recurrent layers as well. Biases stay float32.
public struct DynamicRangeInt8: Pass {
  /// Weights with fewer elements stay as they are: they save next to nothing, and a small first or
  /// last layer is where the noise hurts most. 1,024 is the limit of TensorFlow's converter.
  public var minimumElements: Int

  public init(minimumElements: Int = 1024) { self.minimumElements = minimumElements }

  public func apply(to graph: Graph) throws(CompressionError) -> Graph {
    var result = graph
    for use in graph.weightUses where graph[use.tensor].type != .int8 {
      let tensor = graph[use.tensor]
      let values = try tensor.floats()
      guard values.count >= minimumElements, tensor.shape.dimensions.indices ~= use.channelAxis
      else { continue }
      try tensor.checkFinite(values)
      let inner = tensor.shape.dimensions[(use.channelAxis + 1)...].reduce(1, *)
      let quantized = Self.quantize(
        values, channels: tensor.shape[use.channelAxis], inner: inner)
      result[use.tensor].type = .int8
      result[use.tensor].quantization = Quantization(
        scales: quantized.scales,
        zeroPoints: Array(repeating: 0, count: quantized.scales.count), axis: use.channelAxis)
      result[use.tensor].data = quantized.bytes
    }
    return result
  }

  /// Element `i` belongs to channel `(i / inner) % channels`.
  static func quantize(
    _ values: [Float], channels: Int, inner: Int
  ) -> (scales: [Float], bytes: [UInt8]) {
    var largest = Array(repeating: Float(0), count: channels)
    for (index, value) in values.enumerated() {
      let channel = index / inner % channels
      largest[channel] = max(largest[channel], abs(value))
    }
    // A channel of zeros, or of values too small to divide by, gets a scale that gives zeros.
    let scales = largest.map { $0 / 127 >= Float.leastNormalMagnitude ? $0 / 127 : 1 }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      let level = (value / scales[index / inner % channels]).rounded(.toNearestOrAwayFromZero)
      bytes.append(UInt8(bitPattern: Int8(max(-127, min(127, level)))))
    }
    return (scales, bytes)
  }
}
