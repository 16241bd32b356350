public import ModelFormat

/// Weights as IEEE 754 half precision, rounded to nearest, ties to even: half the size, and a
/// relative error of at most 2⁻¹¹ for values above 6·10⁻⁵.
///
/// Biases and the constants of elementwise operators stay float32: they are about one byte in a
/// hundred, and enter every sum. A tensor with a value beyond ±65504 stays float32 too.
public struct HalfWeights: Pass {
  public init() {}

  public func apply(to graph: Graph) throws(CompressionError) -> Graph {
    var result = graph
    for use in graph.weightUses where graph[use.tensor].type == .float32 {
      let values = try graph[use.tensor].floats()
      try graph[use.tensor].checkFinite(values)
      let halves = values.map { Binary16.bits($0) }
      if halves.contains(where: { $0 & 0x7FFF == Binary16.bits(.infinity) }) { continue }
      result[use.tensor].type = .float16
      var bytes: [UInt8] = []
      bytes.reserveCapacity(2 * halves.count)
      for half in halves {
        bytes.append(UInt8(half & 0xFF))
        bytes.append(UInt8(half >> 8))
      }
      result[use.tensor].data = bytes
    }
    return result
  }
}
