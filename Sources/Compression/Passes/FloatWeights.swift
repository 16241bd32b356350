public import ModelFormat

/// Every weight as float32: what a float16 or int8 file becomes before other passes, or to compare with.
public struct FloatWeights: Pass {
  public init() {}

  public func apply(to graph: Graph) throws(CompressionError) -> Graph {
    var result = graph
    for use in graph.weightUses where graph[use.tensor].type != .float32 {
      let values = try graph[use.tensor].floats()
      result[use.tensor].type = .float32
      result[use.tensor].quantization = nil
      result[use.tensor].data = values.littleEndianBytes
    }
    return result
  }
}
