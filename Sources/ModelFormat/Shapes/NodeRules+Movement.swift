/// Operators that move elements and change none.
extension NodeRules {
  func checkReshape() throws(GraphError) {
    try expectOperands(1)
    try expectMoved([input(0)])
    try require(
      input(0).shape.elementCount == output.shape.elementCount,
      "cannot make \(output.shape.description) of \(input(0).shape.description)")
  }

  func checkTranspose(_ permutation: [Int]) throws(GraphError) {
    try expectOperands(1)
    let x = input(0).shape
    try expectMoved([input(0)])
    try require(
      permutation.sorted() == Array(0..<x.rank),
      "has the permutation \(Shape(permutation).description) for \(x.description)")
    try expectOutput(permutation.map { x[$0] })
  }

  func checkTile(_ multiples: [Int]) throws(GraphError) {
    try expectOperands(1)
    let x = input(0).shape
    try expectMoved([input(0)])
    try require(
      multiples.count == x.rank
        && multiples.allSatisfy { (1...Graph.maximumExtent).contains($0) },
      "repeats \(Shape(multiples).description) times, given \(x.description)")
    for axis in multiples.indices {
      try require(
        output.shape.rank == x.rank
          && Int64(output.shape[axis]) == Int64(x[axis]) * Int64(multiples[axis]),
        "cannot make \(output.shape.description) of \(x.description)")
    }
  }

  func checkConcatenate(_ axis: Int) throws(GraphError) {
    let count = node.inputs.count
    try require(count >= 1, "has no inputs")
    try expectOperands(count)
    let operands = (0..<count).map { input($0) }
    try expectMoved(operands)
    var shape = operands[0].shape.dimensions
    try require(shape.indices.contains(axis), "joins along axis \(axis), which is not there")
    for operand in operands.dropFirst() {
      var alike = operand.shape.dimensions
      try require(alike.count == shape.count, "joins inputs of different rank")
      let extent = alike[axis]
      alike[axis] = shape[axis]
      try require(
        alike == shape, "cannot join \(Shape(shape).description) and \(operand.shape.description)")
      try require(
        Int64(shape[axis]) + Int64(extent) <= Int64(Graph.maximumExtent), "gives too large a tensor"
      )
      shape[axis] += extent
    }
    try expectOutput(shape)
  }

  func checkSlice(_ begin: [Int], _ strides: [Int]) throws(GraphError) {
    try expectOperands(1)
    let x = input(0).shape
    try expectMoved([input(0)])
    try require(
      begin.count == x.rank && strides.count == x.rank && output.shape.rank == x.rank,
      "takes one begin and stride for each axis of \(x.description)")
    for axis in begin.indices {
      try require(strides[axis] != 0, "has a stride of 0")
      let steps = Int64(output.shape[axis]) - 1
      let (span, overflow) = steps.multipliedReportingOverflow(by: Int64(strides[axis]))
      let (last, beyond) = span.addingReportingOverflow(Int64(begin[axis]))
      let inside = 0..<Int64(x[axis])
      try require(
        !overflow && !beyond && inside.contains(Int64(begin[axis])) && inside.contains(last),
        "reads beyond \(x.description) on axis \(axis)")
    }
  }

  /// Constant indices are checked here; those computed at run time are checked when it runs.
  func checkGather(_ axis: Int) throws(GraphError) {
    try expectOperands(2)
    let (x, indices) = (input(0), input(1))
    try expectMoved([x])
    try require(
      indices.type == .int32, "takes int32 at \(indices.name), not \(indices.type.name)")
    try require(
      x.shape.dimensions.indices.contains(axis), "picks along axis \(axis), which is not there")
    if let data = indices.data {
      for start in stride(from: 0, to: data.count, by: 4) {
        var bits: UInt32 = 0
        for byte in 0..<4 { bits |= UInt32(data[start + byte]) << UInt32(8 * byte) }
        try require(
          bits < UInt32(x.shape[axis]), "picks index \(Int32(bitPattern: bits)) of \(x.shape[axis])"
        )
      }
    }
    try expectOutput(
      Array(x.shape.dimensions[..<axis]) + indices.shape.dimensions
        + Array(x.shape.dimensions[(axis + 1)...]))
  }

  func checkPad(_ before: [Int], _ after: [Int]) throws(GraphError) {
    try expectOperands(1)
    let x = input(0).shape
    try expectMoved([input(0)])
    let sensible = 0...Graph.maximumExtent
    try require(
      before.count == x.rank && after.count == x.rank && before.allSatisfy { sensible.contains($0) }
        && after.allSatisfy { sensible.contains($0) },
      "pads \(x.description) by \(Shape(before).description) and \(Shape(after).description)")
    try expectOutput(x.dimensions.indices.map { before[$0] + x[$0] + after[$0] })
  }
}
