internal import ModelFormat

/// Operands and options that describe axes and shapes, read into numbers.
extension Translation {
  /// A possibly negative axis of a tensor of `rank`, counted from the front.
  func axis(_ axis: Int, rank: Int, at site: Site) throws(ImportError) -> Int {
    guard axis >= -rank, axis < rank else {
      throw failure(at: site, .inconsistent("its axis \(axis) is not one of \(rank)"))
    }
    return axis < 0 ? axis + rank : axis
  }

  func permutation(rank: Int, at site: Site) throws(ImportError) -> [Int] {
    let permutation = try integers(1, of: site, what: "its permutation")
    guard permutation.sorted() == Array(0..<rank) else {
      throw failure(
        at: site, .inconsistent("its permutation \(permutation) is not one of \(rank) axes"))
    }
    return permutation
  }

  func packAxis(rank: Int, at site: Site) throws(ImportError) -> Int {
    try axis(
      Int(try site.op.options(.pack)?.integer(1, default: Int32(0)) ?? 0), rank: rank + 1, at: site)
  }

  func concatenationAxis(rank: Int, at site: Site) throws(ImportError) -> Int {
    try axis(
      Int(try site.op.options(.concatenation)?.integer(0, default: Int32(0)) ?? 0), rank: rank,
      at: site)
  }

  /// What `RESHAPE`, `SQUEEZE` and `EXPAND_DIMS` make of `shape`.
  func reshapedShape(of shape: [Int], at site: Site) throws(ImportError) -> [Int] {
    switch site.op.code.description {
    case "SQUEEZE":
      let listed =
        try site.op.options(.squeeze)?
        .scalars(0, of: Int32.self, limit: 8, what: "its axes").map { Int($0) } ?? []
      var axes: Set<Int> = []
      for axis in listed { axes.insert(try self.axis(axis, rank: shape.count, at: site)) }
      guard axes.allSatisfy({ shape[$0] == 1 }) else {
        throw failure(at: site, .inconsistent("it squeezes axes \(listed) of shape \(shape)"))
      }
      return shape.indices.filter { axes.isEmpty ? shape[$0] != 1 : !axes.contains($0) }
        .map { shape[$0] }
    case "EXPAND_DIMS":
      let axes = try integers(1, of: site, what: "its axis")
      guard axes.count == 1 else {
        throw failure(at: site, .inconsistent("it has \(axes.count) axes instead of one"))
      }
      var result = shape
      result.insert(1, at: try axis(axes[0], rank: shape.count + 1, at: site))
      return result
    default:
      return try resolve(try targetShape(at: site), from: shape, at: site)
    }
  }

  private func targetShape(at site: Site) throws(ImportError) -> [Int] {
    if site.op.inputs.count > 1 { return try integers(1, of: site, what: "its new shape") }
    return try site.op.options(.reshape)?
      .scalars(0, of: Int32.self, limit: 8, what: "its new shape").map { Int($0) } ?? []
  }

  /// Fills in the one extent that may stand as -1.
  private func resolve(
    _ target: [Int], from shape: [Int], at site: Site
  ) throws(ImportError) -> [Int] {
    let count = shape.reduce(1, *)
    let free = target.indices.filter { target[$0] == -1 }
    guard target.count <= 8, free.count <= 1, target.allSatisfy({ $0 >= -1 }),
      let known = Shape(target.filter { $0 != -1 }).elementCount
    else { throw failure(at: site, .inconsistent("its new shape is \(target)")) }
    var result = target
    if let axis = free.first, known > 0 { result[axis] = count / known }
    guard let total = Shape(result).elementCount, total == count else {
      throw failure(at: site, .inconsistent("it cannot reshape \(shape) to \(target)"))
    }
    return result
  }
}
