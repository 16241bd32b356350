internal import ModelFormat

/// Fully connected layers and matrix products.
extension Translation {
  mutating func fullyConnected(_ site: Site) throws(ImportError) {
    let options = site.op.options(.fullyConnected)
    let activation = try self.activation(options?.integer(0, default: Int8(0)) ?? 0, at: site)
    guard try options?.integer(1, default: Int8(0)) ?? 0 == 0 else {
      throw unsupported("its weights are shuffled", at: site)
    }
    let keepsRank = try options?.bool(2) ?? false
    var (x, shape) = try operand(0, of: site, what: "its operand")
    guard case .constant(let constant) = try value(1, of: site, what: "its weights") else {
      throw unsupported(
        "its weights are computed at run time", at: site,
        advice: "express the product as a batch matrix product")
    }
    guard constant.shape.count == 2 else {
      throw failure(at: site, .inconsistent("its weights have shape \(constant.shape)"))
    }
    let (out, depth) = (constant.shape[0], constant.shape[1])
    let count = shape.reduce(1, *)
    guard depth > 0, count % depth == 0, !keepsRank || shape.last == depth else {
      throw failure(
        at: site, .inconsistent("its operand has shape \(shape), its weights \(constant.shape)"))
    }
    let w = try weight(1, of: site, channelAxis: 0)
    let b = try bias(2, of: site, count: out)
    if !keepsRank, shape != [count / depth, depth] {
      shape = [count / depth, depth]
      x = try emit(.reshape, [x], shape: shape, at: site, suffix: "/rows")
    }
    try finish(
      .dense(activation: activation), [x, w, b], shape: shape.dropLast() + [out], at: site)
  }

  mutating func batchMatMul(_ site: Site) throws(ImportError) {
    let options = site.op.options(.batchMatMul)
    let transposeA = try options?.bool(0) ?? false
    let transposeB = try options?.bool(1) ?? false
    let right = try value(1, of: site, what: "its right operand")
    if case .constant(let constant) = right, constant.shape.count == 2, !transposeA {
      // A constant matrix on the right is a dense layer without bias; its weights are [out, in].
      let weights = transposeB ? constant : constant.transposed([1, 0])
      let (x, shape) = try operand(0, of: site, what: "its left operand")
      guard let depth = shape.last, depth == weights.shape[1] else {
        throw failure(
          at: site, .inconsistent("it multiplies shapes \(shape) and \(constant.shape)"))
      }
      let w = graph.add(try weightTensor(weights, channelAxis: 0, at: site))
      return try finish(
        .dense(activation: .none), [x, w, nil], shape: shape.dropLast() + [weights.shape[0]],
        at: site)
    }
    let (a, left) = try operand(0, of: site, what: "its left operand")
    let (b, shape) = try operand(1, of: site, what: "its right operand")
    guard left.count >= 2, shape.count >= 2 else {
      throw failure(at: site, .inconsistent("it multiplies shapes \(left) and \(shape)"))
    }
    let (rows, inner) = Self.matrix(left, transposed: transposeA)
    let (depth, columns) = Self.matrix(shape, transposed: transposeB)
    guard inner == depth,
      let batch = Self.broadcast(Array(left.dropLast(2)), Array(shape.dropLast(2)))
    else {
      throw failure(at: site, .inconsistent("it multiplies shapes \(left) and \(shape)"))
    }
    try finish(
      .batchMatMul(transposeA: transposeA, transposeB: transposeB), [a, b],
      shape: batch + [rows, columns], at: site)
  }

  private static func matrix(_ shape: [Int], transposed: Bool) -> (rows: Int, columns: Int) {
    let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    return transposed ? (columns, rows) : (rows, columns)
  }

  /// The common shape of two operands as NumPy has it; `nil` when there is none.
  static func broadcast(_ a: [Int], _ b: [Int]) -> [Int]? {
    let rank = max(a.count, b.count)
    let left = Array(repeating: 1, count: rank - a.count) + a
    let right = Array(repeating: 1, count: rank - b.count) + b
    var shape: [Int] = []
    for (x, y) in zip(left, right) {
      guard x == y || x == 1 || y == 1 else { return nil }
      shape.append(x == 1 ? y : x)
    }
    return shape
  }
}
