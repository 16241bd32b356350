internal import ModelFormat

/// Operators that only move elements.
extension Translation {
  mutating func reshape(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    try finish(.reshape, [x], shape: try reshapedShape(of: shape, at: site), at: site)
  }

  mutating func transpose(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    let permutation = try permutation(rank: shape.count, at: site)
    try finish(
      .transpose(permutation: permutation), [x], shape: permutation.map { shape[$0] }, at: site)
  }

  mutating func tile(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    var multiples = try integers(1, of: site, what: "its multiples")
    if site.op.code.description == "BROADCAST_TO" {
      guard multiples.count == shape.count,
        zip(shape, multiples).allSatisfy({ $0 == $1 || $0 == 1 })
      else {
        throw unsupported("it broadcasts \(shape) to \(multiples)", at: site)
      }
      multiples = zip(shape, multiples).map { $1 / $0 }
    }
    var result: [Int] = []
    for (axis, multiple) in multiples.enumerated() where axis < shape.count {
      let (extent, overflow) = shape[axis].multipliedReportingOverflow(by: multiple)
      result.append(overflow ? -1 : extent)
    }
    guard multiples.count == shape.count, result.allSatisfy({ $0 > 0 }) else {
      throw failure(at: site, .inconsistent("it repeats shape \(shape) \(multiples) times"))
    }
    try finish(.tile(multiples: multiples), [x], shape: result, at: site)
  }

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

  mutating func slice(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    let cut = try cut(of: shape, at: site)
    let shrinks = cut.shape != cut.counts
    let part = try emit(
      .slice(begin: cut.begin, strides: cut.strides), [x], shape: cut.counts, at: site,
      suffix: shrinks ? "/slice" : "")
    guard shrinks else { return try bind(.runtime(part, cut.counts), at: site) }
    try finish(.reshape, [part], shape: cut.shape, at: site)
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

  mutating func reverse(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    var begin = Array(repeating: 0, count: shape.count)
    var strides = Array(repeating: 1, count: shape.count)
    for axis in try integers(1, of: site, what: "its axes") {
      let axis = try self.axis(axis, rank: shape.count, at: site)
      begin[axis] = shape[axis] - 1
      strides[axis] = -1
    }
    try finish(.slice(begin: begin, strides: strides), [x], shape: shape, at: site)
  }

  mutating func gather(_ site: Site) throws(ImportError) {
    let options = site.op.options(.gather)
    guard try options?.integer(1, default: Int32(0)) ?? 0 == 0 else {
      throw unsupported("it gathers by batch", at: site)
    }
    let (x, shape) = try operand(0, of: site, what: "its operand")
    let axis = try axis(
      Int(try options?.integer(0, default: Int32(0)) ?? 0), rank: shape.count, at: site)
    let constant = try constant(1, of: site, what: "its indices")
    guard let indices = constant.integers, indices.allSatisfy({ (0..<shape[axis]).contains($0) })
    else {
      throw failure(at: site, .inconsistent("its indices do not fit extent \(shape[axis])"))
    }
    let id = graph.add(
      Tensor(
        name: constant.name, shape: Shape(constant.shape), type: .int32,
        data: Constant(name: "", shape: constant.shape, integers: indices).bytes))
    let result = Array(shape[..<axis]) + constant.shape + Array(shape[(axis + 1)...])
    try finish(.gather(axis: axis), [x, id], shape: result, at: site)
  }

  mutating func pad(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    let constant = try constant(1, of: site, what: "its paddings")
    guard let paddings = constant.integers, constant.shape == [shape.count, 2],
      paddings.allSatisfy({ (0...(1 << 20)).contains($0) })
    else {
      throw failure(at: site, .inconsistent("its paddings do not fit shape \(shape)"))
    }
    if site.op.code.description == "PADV2" {
      let fill = try self.constant(2, of: site, what: "its fill value").floats
      guard fill == [0] else { throw unsupported("it pads with other values than 0", at: site) }
    }
    let before = shape.indices.map { paddings[2 * $0] }
    let after = shape.indices.map { paddings[2 * $0 + 1] }
    try finish(
      .pad(before: before, after: after), [x],
      shape: shape.indices.map { shape[$0] + before[$0] + after[$0] }, at: site)
  }
}
