internal import ModelFormat

/// `PAD` and `PADV2`.
extension Translation {
  mutating func pad(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    let constant = try constant(1, of: site, what: "its paddings")
    guard let paddings = constant.integers, constant.shape == [shape.count, 2],
      paddings.allSatisfy({ (0...(1 << 20)).contains($0) })
    else {
      throw failure(at: site, .inconsistent("its paddings do not fit shape \(shape)"))
    }
    let before = shape.indices.map { paddings[2 * $0] }
    let after = shape.indices.map { paddings[2 * $0 + 1] }
    if site.op.code.description == "PADV2", let value = try paddingValue(for: x, at: site) {
      return try surround(x, shape, by: value, before: before, after: after, at: site)
    }
    try finish(
      .pad(before: before, after: after), [x],
      shape: shape.indices.map { shape[$0] + before[$0] + after[$0] }, at: site)
  }

  /// The bytes of the element that `PADV2` writes around its operand; `nil` where they stand for 0.
  private func paddingValue(for x: TensorID, at site: Site) throws(ImportError) -> [UInt8]? {
    let constant = try self.constant(2, of: site, what: "its fill value")
    guard constant.count == 1 else {
      throw failure(at: site, .inconsistent("its fill value has shape \(constant.shape)"))
    }
    guard graph[x].type == .int8 else {
      guard let value = constant.floats?.first else {
        throw unsupported("its fill value is \(constant.type)", at: site)
      }
      return value == 0 ? nil : [value].littleEndianBytes
    }
    guard constant.type.isQuantizedByte else {
      throw failure(at: site, .inconsistent("its fill value is \(constant.type), its operand int8"))
    }
    let tensor = try quantizedTensor(constant, at: site)
    guard tensor.quantization == graph[x].quantization, let bytes = tensor.data else {
      throw unsupported("its fill value is quantized otherwise than its operand", at: site)
    }
    let zero = tensor.quantization?.zeroPoints.first
    return zero == Int32(Int8(bitPattern: bytes[0])) ? nil : bytes
  }

  /// Joins constants of one value to both ends of each axis in turn.
  private mutating func surround(
    _ x: TensorID, _ shape: [Int], by value: [UInt8], before: [Int], after: [Int], at site: Site
  ) throws(ImportError) {
    var (inner, shape) = (x, shape)
    for axis in shape.indices.reversed() where before[axis] + after[axis] > 0 {
      func border(_ extent: Int) throws(ImportError) -> TensorID? {
        guard extent > 0 else { return nil }
        var shape = shape
        shape[axis] = extent
        guard let count = Shape(shape).elementCount, count <= 1 << 24 else {
          throw unsupported("it pads \(self.graph[x].shape) by \(before) and \(after)", at: site)
        }
        let content = Content(graph[x])
        var tensor = content.tensor("\(site.node.name)/border", shape)
        tensor.data = (0..<count).flatMap { _ in value }
        return graph.add(tensor)
      }
      let parts: [TensorID] = [try border(before[axis]), inner, try border(after[axis])]
        .compactMap { $0 }
      shape[axis] += before[axis] + after[axis]
      inner = try emit(
        .concatenate(axis: axis), parts, shape: shape, at: site,
        suffix: "/axis\(axis)")
    }
    try bind(.runtime(inner, shape), at: site)
  }
}
