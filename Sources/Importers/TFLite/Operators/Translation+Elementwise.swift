internal import ModelFormat

/// Operators that work on each element, and reductions.
extension Translation {
  mutating func binary(_ site: Site, _ kind: BinaryKind) throws(ImportError) {
    let fused: Int8
    switch kind {
    case .add: fused = try site.op.options(.add)?.integer(0, default: 0) ?? 0
    case .subtract: fused = try site.op.options(.subtract)?.integer(0, default: 0) ?? 0
    case .multiply: fused = try site.op.options(.multiply)?.integer(0, default: 0) ?? 0
    case .divide: fused = try site.op.options(.divide)?.integer(0, default: 0) ?? 0
    default: fused = 0
    }
    let (a, left) = try operand(0, of: site, what: "its first operand")
    let (b, right) = try operand(1, of: site, what: "its second operand")
    guard let shape = Self.broadcast(left, right) else {
      throw failure(at: site, .inconsistent("it cannot combine shapes \(left) and \(right)"))
    }
    try finish(
      .binary(kind, activation: try activation(fused, at: site)), [a, b], shape: shape, at: site)
  }

  mutating func unary(_ site: Site, _ kind: UnaryKind) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    try finish(.unary(kind), [x], shape: shape, at: site)
  }

  mutating func gelu(_ site: Site) throws(ImportError) {
    try unary(site, try site.op.options(.gelu)?.bool(0) ?? false ? .geluTanh : .gelu)
  }

  mutating func leakyReLU(_ site: Site) throws(ImportError) {
    let alpha = try site.op.options(.leakyReLU)?.float(0, default: 0) ?? 0
    guard alpha.isFinite else {
      throw failure(at: site, .inconsistent("its slope is \(alpha)"))
    }
    let (x, shape) = try operand(0, of: site, what: "its operand")
    try finish(.leakyReLU(alpha: alpha), [x], shape: shape, at: site)
  }

  mutating func parametricReLU(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    let (alpha, slopes) = try operand(1, of: site, what: "its slopes")
    guard Self.broadcast(shape, slopes) == shape else {
      throw failure(at: site, .inconsistent("its slopes have shape \(slopes) for \(shape)"))
    }
    try finish(.binary(.prelu, activation: .none), [x, alpha], shape: shape, at: site)
  }

  mutating func softmax(_ site: Site) throws(ImportError) {
    let beta = try site.op.options(.softmax)?.float(0, default: 0) ?? 1
    let (x, shape) = try operand(0, of: site, what: "its operand")
    guard beta.isFinite, beta > 0, !shape.isEmpty else {
      throw failure(at: site, .inconsistent("it has beta \(beta) over shape \(shape)"))
    }
    try finish(.softmax(beta: beta), [x], shape: shape, at: site)
  }

  /// `LOG_SOFTMAX` and `L2_NORMALIZATION`, over the last axis.
  mutating func normalizeRows(_ site: Site, _ operation: Operator) throws(ImportError) {
    if case .l2Normalization = operation {
      let fused = try site.op.options(.l2Normalization)?.integer(0, default: Int8(0)) ?? 0
      guard fused == 0 else { throw unsupported("it has a fused activation", at: site) }
    }
    let (x, shape) = try operand(0, of: site, what: "its operand")
    guard !shape.isEmpty else { throw failure(at: site, .inconsistent("its operand is a number")) }
    try finish(operation, [x], shape: shape, at: site)
  }

  mutating func reduce(_ site: Site, _ kind: ReduceKind) throws(ImportError) {
    let keeps = try site.op.options(.reducer)?.bool(0) ?? false
    let (x, shape) = try operand(0, of: site, what: "its operand")
    var axes: Set<Int> = []
    for axis in try integers(1, of: site, what: "its axes") {
      axes.insert(try self.axis(axis, rank: shape.count, at: site))
    }
    let result = shape.indices.compactMap { axis in
      axes.contains(axis) ? (keeps ? 1 : nil) : shape[axis]
    }
    if axes.isEmpty { return try bind(.runtime(x, shape), at: site) }
    try finish(
      .reduce(kind, axes: axes.sorted(), keepDimensions: keeps), [x], shape: result, at: site)
  }
}
