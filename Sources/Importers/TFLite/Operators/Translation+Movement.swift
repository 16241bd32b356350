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
}
