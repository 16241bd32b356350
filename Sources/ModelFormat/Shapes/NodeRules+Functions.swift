/// Functions of elements with a payload or with three operands, and resized images.
extension NodeRules {
  func checkLeakyReLU(_ alpha: Float) throws(GraphError) {
    try expectOperands(1)
    try require(alpha.isFinite, "has a slope that is not a number")
    try expectFloatOrInt8([input(0)])
    try expectOutput(input(0).shape.dimensions)
  }

  func checkSelect() throws(GraphError) {
    try expectOperands(3)
    let operands = [input(0), input(1), input(2)]
    try expectFloat(operands[0])
    try expectFloatOrInt8([operands[1], operands[2]])
    if output.type == .int8 { try expectMoved([operands[1], operands[2]]) }
    let branches = try broadcast(operands[1].shape.dimensions, operands[2].shape.dimensions)
    try expectOutput(try broadcast(operands[0].shape.dimensions, branches))
  }

  func checkResize() throws(GraphError) {
    try expectOperands(1)
    let x = input(0)
    try expectRank(4, of: x)
    try expectRank(4, of: output)
    try expectFloatOrInt8([x])
    if x.type == .int8 { try expectMoved([x]) }
    try expectOutput([x.shape[0], output.shape[1], output.shape[2], x.shape[3]])
  }
}
