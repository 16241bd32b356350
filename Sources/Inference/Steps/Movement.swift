internal import ModelFormat

/// One strided copy from an input into the output, in elements; every element that it touches lies
/// inside both.
struct Movement {
  var input = 0
  var sourceStart = 0
  var targetStart = 0
  var walk: Walk

  /// The copies that a node of moved elements comes down to.
  static func all(of view: NodeView) throws(InferenceError) -> [Movement] {
    let x = try view.input(0)
    let y = try view.output()
    _ = try (view.count(x), view.count(y))
    try view.require(x.type == y.type, y, "has another type than the input")
    switch view.node.operation {
    case .reshape:
      try view.require(try view.count(x) == view.count(y), y, "has not the input's size")
      return [Movement(walk: Walk([Walk.Axis(extent: try view.count(x), first: 1, second: 1)]))]
    case .transpose(let permutation): return [try transpose(view, x, y, permutation)]
    case .tile(let multiples): return [try tile(view, x, y, multiples)]
    case .slice(let begin, let strides): return [try slice(view, x, y, begin, strides)]
    case .pad(let before, let after): return [try pad(view, x, y, before, after)]
    case .concatenate(let axis): return try concatenate(view, y, axis)
    default: throw .unsupported(layer: view.name, tensor: y.name, reason: "moves no elements")
    }
  }

  private static func transpose(
    _ view: NodeView, _ x: Tensor, _ y: Tensor, _ permutation: [Int]
  ) throws(InferenceError) -> Movement {
    let rank = x.shape.rank
    let isPermutation =
      permutation.count == rank && permutation.allSatisfy { (0..<rank).contains($0) }
      && (0..<rank).allSatisfy { permutation.contains($0) }
    try view.require(isPermutation && y.shape.rank == rank, x, "is not permuted by its axes")
    let from = Walk.strides(x.shape.dimensions)
    let to = Walk.strides(y.shape.dimensions)
    for axis in 0..<rank {
      let fits = y.shape[axis] == x.shape[permutation[axis]]
      try view.require(fits, y, "has not the permuted shape")
    }
    return Movement(
      walk: Walk(
        (0..<rank).map {
          Walk.Axis(extent: y.shape[$0], first: from[permutation[$0]], second: to[$0])
        }))
  }

  private static func tile(
    _ view: NodeView, _ x: Tensor, _ y: Tensor, _ multiples: [Int]
  ) throws(InferenceError) -> Movement {
    let fits = multiples.count == x.shape.rank && y.shape.rank == x.shape.rank
    try view.require(fits, y, "has another rank than the input")
    let from = Walk.strides(x.shape.dimensions)
    let to = Walk.strides(y.shape.dimensions)
    var axes: [Walk.Axis] = []
    for axis in multiples.indices {
      let repeats = multiples[axis]
      let right = repeats > 0 && y.shape[axis] / repeats == x.shape[axis]
      try view.require(
        right && y.shape[axis] % repeats == 0, y, "is not a multiple of the input")
      axes.append(Walk.Axis(extent: repeats, first: 0, second: x.shape[axis] * to[axis]))
      axes.append(Walk.Axis(extent: x.shape[axis], first: from[axis], second: to[axis]))
    }
    return Movement(walk: Walk(axes))
  }

  private static func slice(
    _ view: NodeView, _ x: Tensor, _ y: Tensor, _ begin: [Int], _ strides: [Int]
  ) throws(InferenceError) -> Movement {
    let rank = x.shape.rank
    let fits = begin.count == rank && strides.count == rank && y.shape.rank == rank
    try view.require(fits, y, "has another rank than the input")
    let from = Walk.strides(x.shape.dimensions)
    let to = Walk.strides(y.shape.dimensions)
    var axes: [Walk.Axis] = []
    var start = 0
    for axis in 0..<rank {
      let extent = x.shape[axis]
      let (reach, overflow) = strides[axis].multipliedReportingOverflow(by: y.shape[axis] - 1)
      let inside =
        !overflow && (0..<extent).contains(begin[axis]) && abs(strides[axis]) <= 1 << 26
        && (-extent...extent).contains(reach) && (0..<extent).contains(begin[axis] + reach)
      try view.require(inside, y, "reaches outside the input on axis \(axis)")
      start += begin[axis] * from[axis]
      axes.append(
        Walk.Axis(
          extent: y.shape[axis], first: y.shape[axis] == 1 ? 0 : strides[axis] * from[axis],
          second: to[axis]))
    }
    return Movement(sourceStart: start, walk: Walk(axes))
  }

  private static func pad(
    _ view: NodeView, _ x: Tensor, _ y: Tensor, _ before: [Int], _ after: [Int]
  ) throws(InferenceError) -> Movement {
    let rank = x.shape.rank
    let fits = before.count == rank && after.count == rank && y.shape.rank == rank
    try view.require(fits, y, "has another rank than the input")
    let from = Walk.strides(x.shape.dimensions)
    let to = Walk.strides(y.shape.dimensions)
    var start = 0
    for axis in 0..<rank {
      let inside =
        before[axis] >= 0 && after[axis] >= 0 && before[axis] <= y.shape[axis]
        && after[axis] == y.shape[axis] - before[axis] - x.shape[axis]
      try view.require(inside, y, "is not the input with its padding")
      start += before[axis] * to[axis]
    }
    return Movement(
      targetStart: start,
      walk: Walk(
        (0..<rank).map { Walk.Axis(extent: x.shape[$0], first: from[$0], second: to[$0]) }))
  }

  private static func concatenate(
    _ view: NodeView, _ y: Tensor, _ axis: Int
  ) throws(InferenceError) -> [Movement] {
    try view.require((0..<y.shape.rank).contains(axis), y, "has no axis \(axis)")
    let to = Walk.strides(y.shape.dimensions)
    var movements: [Movement] = []
    var position = 0
    for input in view.node.inputs.indices {
      let x = try view.input(input)
      _ = try view.count(x)
      var expected = y.shape
      try view.require(
        x.shape.rank == y.shape.rank && x.type == y.type, x, "is not like the output")
      expected[axis] = x.shape[axis]
      try view.require(x.shape == expected, x, "differs from the output beside the axis")
      let from = Walk.strides(x.shape.dimensions)
      movements.append(
        Movement(
          input: input, targetStart: position * to[axis],
          walk: Walk(
            x.shape.dimensions.indices.map {
              Walk.Axis(extent: x.shape[$0], first: from[$0], second: to[$0])
            })))
      position += x.shape[axis]
      try view.require(position <= y.shape[axis], y, "is shorter than its inputs together")
    }
    try view.require(position == y.shape[axis], y, "is longer than its inputs together")
    return movements
  }
}
