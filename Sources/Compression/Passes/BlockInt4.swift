public import ModelFormat

/// Weights of dense and recurrent layers as four-bit values in blocks of 32 along their inputs, each block with a
/// scale; activations are quantized to int8 at run time. 0.625 bytes a weight.
///
/// For a block: `q = round(w / scale)` with ties away from zero, in [-7, 7]. The scale is the one of
/// `max |w| / 7` and smaller ones, down to 0.7 of it, that gives the least squared error: to clip the largest
/// value often costs less than to round all others coarsely. Other weights stay as they are.
public struct BlockInt4: Pass {
  /// Weights with fewer elements stay as they are.
  public var minimumElements: Int

  public init(minimumElements: Int = 1024) { self.minimumElements = minimumElements }

  public func apply(to graph: Graph) throws(CompressionError) -> Graph {
    var result = graph
    for use in graph.weightUses where use.takesBlocks && graph[use.tensor].type != .int4 {
      let tensor = graph[use.tensor]
      let values = try tensor.floats()
      guard values.count >= minimumElements, let run = tensor.shape.dimensions.last else {
        continue
      }
      try tensor.checkFinite(values)
      var bytes: [UInt8] = []
      for start in stride(from: 0, to: values.count, by: run) {
        for first in stride(from: start, to: start + run, by: Int4Blocks.values) {
          let block = Array(values[first..<min(first + Int4Blocks.values, start + run)])
          let scale = Self.scale(of: block)
          Int4Blocks.append(Self.levels(block, scale: scale), scale: scale, to: &bytes)
        }
      }
      result[use.tensor].type = .int4
      result[use.tensor].quantization = nil
      result[use.tensor].data = bytes
    }
    return result
  }

  private static func levels(_ block: [Float], scale: Float) -> [Int8] {
    block.map { Int8(max(-7, min(7, ($0 / scale).rounded(.toNearestOrAwayFromZero)))) }
  }

  static func scale(of block: [Float]) -> Float {
    let largest = block.reduce(0) { max($0, abs($1)) }
    // Zeros, or values too small to divide by, get a scale that gives zeros.
    guard largest / 14 >= Float.leastNormalMagnitude else { return 1 }
    var (best, least) = (largest / 7, Float.infinity)
    for step in 0...12 {
      let scale = largest / 7 * (1 - Float(step) * 0.025)
      var error: Float = 0
      for (value, level) in zip(block, levels(block, scale: scale)) {
        let difference = value - Float(level) * scale
        error += difference * difference
      }
      if error < least { (best, least) = (scale, error) }
    }
    return best
  }
}
