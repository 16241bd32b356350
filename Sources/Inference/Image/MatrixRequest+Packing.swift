internal import CKernels
internal import ModelFormat

extension MatrixRequest {
  /// The matrix as its blob holds it.
  func packed(
    _ graph: Graph, layer: String, tile: Tile
  ) throws(InferenceError) -> [UInt8] {
    let tensor = graph[weights]
    let rows = gates?.rows ?? n
    let row = segments * k * tensor.type.size
    let whole = taps.map { row / $0.order.count * $0.count } ?? row
    let bytes = type == .int4 ? tensor.byteCount : rows * whole
    guard let data = tensor.data, data.count == bytes,
      type != .int4 || tensor.shape.elementCount == rows * k
    else {
      throw .unsupported(layer: layer, tensor: tensor.name, reason: "weights must be constants")
    }
    let layout = MatrixLayout(self, tile: tile)
    var blob = [UInt8](repeating: 0, count: layout.bytes)
    let ordered = inColumns(data, row: row)
    let isPacked = blob.withUnsafeMutableBytes { blob in
      ordered.withUnsafeBytes { pack($0, into: blob, layout, tile) }
    }
    guard isPacked else {
      throw .unsupported(
        layer: layer, tensor: tensor.name,
        reason: type == .int4 ? "holds weights beyond -7 to 7" : "int8 weights hold -128")
    }
    switch result {
    case .float:
      if let bias {
        guard let stored = graph[bias].data, stored.count == rows * 4 else {
          throw .unsupported(layer: layer, tensor: graph[bias].name, reason: "must be a constant")
        }
        let values = gates?.ordered(stored, size: 4) ?? stored
        blob.replaceSubrange(layout.bias..<layout.bias + values.count, with: values)
      }
      guard isInt8 else { break }
      var scales: [UInt8] = []
      for scale in try columnScales(graph, layer: layer) { scales.append(littleEndian: scale) }
      if let gates { scales = gates.ordered(scales, size: 4) }
      blob.replaceSubrange(layout.scales..<layout.scales + scales.count, with: scales)
    case .int8(let input, let output, let roundsProduct):
      try fold(graph, layer: layer, inputZero: input.zero, layout, &blob)
      let scales = try columnScales(graph, layer: layer)
      var multipliers = [UInt8](repeating: 0, count: 4 * scales.count)
      var shifts = multipliers
      for (row, scale) in scales.enumerated() {
        let product =
          roundsProduct ? Double(input.scale * scale) : Double(input.scale) * Double(scale)
        let multiplier = QuantizedMultiplier(product / Double(output.scale))
        multipliers.replace(at: 4 * row, with: multiplier.multiplier)
        shifts.replace(at: 4 * row, with: multiplier.shift)
      }
      for (values, start) in [(multipliers, layout.multipliers), (shifts, layout.shifts)] {
        let ordered = gates?.ordered(values, size: 4) ?? values
        blob.replaceSubrange(start..<start + ordered.count, with: ordered)
      }
    case .int32(let inputZero):
      try fold(graph, layer: layer, inputZero: inputZero, layout, &blob)
    }
    return blob
  }

  /// Writes the bias less the input's zero point times each column's sum.
  private func fold(
    _ graph: Graph, layer: String, inputZero: Int32, _ layout: MatrixLayout, _ blob: inout [UInt8]
  ) throws(InferenceError) {
    var values: [UInt8]?
    if let bias {
      guard let stored = graph[bias].data, stored.count == (gates?.rows ?? n) * 4,
        graph[bias].type == .int32
      else {
        throw .unsupported(
          layer: layer, tensor: graph[bias].name, reason: "must be constant int32 values")
      }
      values = gates?.ordered(stored, size: 4) ?? stored
    }
    for column in 0..<n {
      let own = values?.int32(at: 4 * column) ?? 0
      let sum = blob.int32(at: layout.sums + 4 * column)
      blob.replace(at: layout.bias + 4 * column, with: own &- inputZero &* sum)
    }
  }

  private func columnScales(_ graph: Graph, layer: String) throws(InferenceError) -> [Float] {
    let tensor = graph[weights]
    let rows = gates?.rows ?? n
    let scales = tensor.channelScales(rows)
    guard scales.count == rows else {
      throw .unsupported(
        layer: layer, tensor: tensor.name, reason: "has not one scale an output channel")
    }
    return scales
  }

  private func pack(
    _ source: UnsafeRawBufferPointer, into blob: UnsafeMutableRawBufferPointer,
    _ layout: MatrixLayout, _ tile: Tile
  ) -> Bool {
    guard let from = source.baseAddress, let to = blob.baseAddress else { return false }
    let (depth, width) = (segments * k, type.width(tile))
    switch type {
    case .float32:
      bk_f32_pack(
        n, depth, from.assumingMemoryBound(to: Float.self), 1, depth, width,
        to.assumingMemoryBound(to: Float.self))
      return true
    case .float16:
      bk_f16_pack(
        n, depth, from.assumingMemoryBound(to: UInt16.self), 1, depth, width,
        to.assumingMemoryBound(to: UInt16.self))
      return true
    case .int8:
      return bk_i8_pack(
        n, segments, k, from.assumingMemoryBound(to: Int8.self), 1, depth, width,
        to.assumingMemoryBound(to: Int8.self),
        (to + layout.sums).assumingMemoryBound(to: Int32.self))
    case .int8Channels:
      blob.copyMemory(from: source)
      let values = UnsafeRawBufferPointer(rebasing: blob[..<source.count])
        .assumingMemoryBound(to: Int8.self)
      let sums = (to + layout.sums).assumingMemoryBound(to: Int32.self)
      for index in values.indices { sums[index % n] += Int32(values[index]) }
      return !values.contains(-128)
    case .int4:
      return bk_i4_pack(
        n, k, from.assumingMemoryBound(to: UInt8.self), width,
        to.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// The weights' rows of `row` bytes as the columns take them.
  private func inColumns(_ data: [UInt8], row: Int) -> [UInt8] {
    if let gates {
      // Eights are zeros in blocks of four bits, with a scale that is a number.
      return type == .int4
        ? gates.ordered(data, size: data.count / gates.rows, filler: 0x88)
        : gates.ordered(data, size: row)
    }
    return taps.map { picked($0, of: data, row: row / $0.order.count) } ?? data
  }

  /// The rows of weights [channel][tap][value] with only the taps that are asked for, each of `size` bytes.
  private func picked(_ taps: TapOrder, of data: [UInt8], row size: Int) -> [UInt8] {
    var rows: [UInt8] = []
    rows.reserveCapacity(n * taps.order.count * size)
    for channel in 0..<n {
      for tap in taps.order {
        if let tap {
          let start = (channel * taps.count + tap) * size
          rows += data[start..<start + size]
        } else {
          rows += [UInt8](repeating: 0, count: size)
        }
      }
    }
    return rows
  }
}

extension [UInt8] {
  func int32(at start: Int) -> Int32 {
    var bits: UInt32 = 0
    for index in 0..<4 { bits |= UInt32(self[start + index]) << UInt32(8 * index) }
    return Int32(bitPattern: bits)
  }

  mutating func replace(at start: Int, with value: Int32) {
    let bits = UInt32(bitPattern: value)
    for index in 0..<4 {
      self[start + index] = UInt8(truncatingIfNeeded: bits >> UInt32(8 * index))
    }
  }
}
