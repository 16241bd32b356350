internal import ModelFormat

/// Operators that join tensors, and that take them apart.
extension Translation {
  mutating func concatenate(_ site: Site) throws(ImportError) {
    let fused = try site.op.options(.concatenation)?.integer(1, default: Int8(0)) ?? 0
    guard fused == 0 else { throw unsupported("it has a fused activation", at: site) }
    var parts: [(id: TensorID, shape: [Int])] = []
    for index in site.op.inputs.indices {
      parts.append(try operand(index, of: site, what: "its part"))
    }
    guard let first = parts.first?.shape else {
      throw failure(at: site, .inconsistent("it has no operand"))
    }
    let axis = try concatenationAxis(rank: first.count, at: site)
    try join(parts, axis: axis, at: site)
  }

  mutating func pack(_ site: Site) throws(ImportError) {
    var parts: [(id: TensorID, shape: [Int])] = []
    for index in site.op.inputs.indices {
      let (x, shape) = try operand(index, of: site, what: "its part")
      let axis = try packAxis(rank: shape.count, at: site)
      var wider = shape
      wider.insert(1, at: axis)
      let part = try emit(.reshape, [x], shape: wider, at: site, suffix: "/part")
      parts.append((part, wider))
    }
    guard let first = parts.first?.shape else {
      throw failure(at: site, .inconsistent("it has no operand"))
    }
    try join(parts, axis: try packAxis(rank: first.count - 1, at: site), at: site)
  }

  private mutating func join(
    _ parts: [(id: TensorID, shape: [Int])], axis: Int, at site: Site
  ) throws(ImportError) {
    var shape = parts[0].shape
    var total = 0
    for part in parts {
      let alike =
        part.shape.count == shape.count
        && shape.indices.allSatisfy { $0 == axis || part.shape[$0] == shape[$0] }
      guard alike else {
        throw failure(at: site, .inconsistent("it joins shapes \(shape) and \(part.shape)"))
      }
      total += part.shape[axis]
    }
    shape[axis] = total
    try finish(.concatenate(axis: axis), parts.map(\.id), shape: shape, at: site)
  }

  mutating func unpack(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    let axis = try axis(
      Int(try site.op.options(.unpack)?.integer(1, default: Int32(0)) ?? 0), rank: shape.count,
      at: site)
    guard site.op.outputs.count == shape[axis] else {
      throw failure(
        at: site, .inconsistent("it unpacks \(shape) into \(site.op.outputs.count) parts"))
    }
    var result = shape
    result.remove(at: axis)
    for position in site.op.outputs.indices {
      let part = try take(1, of: (x, shape), from: position, axis: axis, at: site)
      let flat = try emit(.reshape, [part], shape: result, at: site, suffix: "/\(position)")
      try bind(.runtime(flat, result), to: position, at: site)
    }
  }

  mutating func split(_ site: Site) throws(ImportError) {
    let x = try operand(1, of: site, what: "its operand")
    let axis = try splitAxis(0, of: site, rank: x.shape.count)
    let parts = site.op.outputs.count
    guard parts > 0, x.shape[axis] % parts == 0 else {
      throw failure(at: site, .inconsistent("it splits \(x.shape) into \(parts) parts"))
    }
    try split(x, lengths: Array(repeating: x.shape[axis] / parts, count: parts), axis, at: site)
  }

  mutating func splitByLengths(_ site: Site) throws(ImportError) {
    let x = try operand(0, of: site, what: "its operand")
    var lengths = try integers(1, of: site, what: "its lengths")
    let axis = try splitAxis(2, of: site, rank: x.shape.count)
    let extent = x.shape[axis]
    if let free = lengths.firstIndex(of: -1) { lengths[free] = extent - lengths.reduce(1, +) }
    guard lengths.count == site.op.outputs.count,
      lengths.allSatisfy({ $0 > 0 && $0 <= extent }), lengths.reduce(0, +) == extent
    else {
      throw failure(at: site, .inconsistent("it splits \(x.shape) into lengths \(lengths)"))
    }
    try split(x, lengths: lengths, axis, at: site)
  }

  private func splitAxis(_ index: Int, of site: Site, rank: Int) throws(ImportError) -> Int {
    let axes = try integers(index, of: site, what: "its axis")
    guard axes.count == 1 else {
      throw failure(at: site, .inconsistent("it has \(axes.count) axes instead of one"))
    }
    return try axis(axes[0], rank: rank, at: site)
  }

  private mutating func split(
    _ x: (id: TensorID, shape: [Int]), lengths: [Int], _ axis: Int, at site: Site
  ) throws(ImportError) {
    var begin = 0
    for (position, length) in lengths.enumerated() {
      let part = try take(length, of: x, from: begin, axis: axis, at: site)
      var shape = x.shape
      shape[axis] = length
      try bind(.runtime(part, shape), to: position, at: site)
      begin += length
    }
  }

  /// `length` indices of one axis, from `begin` on.
  mutating func take(
    _ length: Int, of x: (id: TensorID, shape: [Int]), from begin: Int, axis: Int, at site: Site
  ) throws(ImportError) -> TensorID {
    var counts = x.shape
    counts[axis] = length
    var begins = Array(repeating: 0, count: counts.count)
    begins[axis] = begin
    return try emit(
      .slice(begin: begins, strides: Array(repeating: 1, count: counts.count)), [x.id],
      shape: counts, at: site, suffix: "/\(begin)")
  }
}
