internal import CKernels
internal import ModelFormat

extension MatrixRequest {
  /// The matrix as its blob holds it.
  func packed(
    _ graph: Graph, layer: String, tile: Tile
  ) throws(InferenceError) -> [UInt8] {
    let tensor = graph[weights]
    guard let data = tensor.data, data.count == n * k * tensor.type.size else {
      throw .unsupported(layer: layer, tensor: tensor.name, reason: "weights must be constants")
    }
    let layout = MatrixLayout(self, tile: tile)
    var blob = [UInt8](repeating: 0, count: layout.bytes)
    let ordered = taps == 1 ? data : tapsFirst(data, size: tensor.type.size)
    let isPacked = blob.withUnsafeMutableBytes { blob in
      ordered.withUnsafeBytes { pack($0, into: blob, layout, tile) }
    }
    guard isPacked else {
      throw .unsupported(layer: layer, tensor: tensor.name, reason: "int8 weights hold -128")
    }
    if let bias {
      guard let values = graph[bias].data, values.count == n * 4 else {
        throw .unsupported(layer: layer, tensor: graph[bias].name, reason: "must be a constant")
      }
      blob.replaceSubrange(layout.bias..<layout.bias + values.count, with: values)
    }
    if isInt8 {
      let perChannel = tensor.channelScales
      guard perChannel.count * taps == n else {
        throw .unsupported(
          layer: layer, tensor: tensor.name, reason: "has not one scale an output channel")
      }
      var scales: [UInt8] = []
      for _ in 0..<taps {
        for scale in perChannel { scales.append(littleEndian: scale) }
      }
      blob.replaceSubrange(layout.scales..<layout.scales + scales.count, with: scales)
    }
    return blob
  }

  private func pack(
    _ source: UnsafeRawBufferPointer, into blob: UnsafeMutableRawBufferPointer,
    _ layout: MatrixLayout, _ tile: Tile
  ) -> Bool {
    guard let from = source.baseAddress, let to = blob.baseAddress else { return false }
    if isInt8 {
      return bk_i8_pack(
        n, k, from.assumingMemoryBound(to: Int8.self), 1, k, tile.int8,
        to.assumingMemoryBound(to: Int8.self),
        (to + layout.sums).assumingMemoryBound(to: Int32.self))
    }
    bk_f32_pack(
      n, k, from.assumingMemoryBound(to: Float.self), 1, k, tile.float,
      to.assumingMemoryBound(to: Float.self))
    return true
  }

  /// Rows [channel][tap] in the order [tap][channel].
  private func tapsFirst(_ data: [UInt8], size: Int) -> [UInt8] {
    let row = k * size
    let channels = n / taps
    var ordered: [UInt8] = []
    ordered.reserveCapacity(data.count)
    for tap in 0..<taps {
      for channel in 0..<channels {
        let start = (channel * taps + tap) * row
        ordered += data[start..<start + row]
      }
    }
    return ordered
  }
}
