internal import ModelFormat

/// Operators whose result is known at import, so that the graph needs no node for them.
extension Translation {
  /// Folds the operator when everything that it needs is constant; `false` when it is not so.
  mutating func fold(_ site: Site) throws(ImportError) -> Bool {
    if site.op.code.description == "SHAPE" {
      let shape = try value(0, of: site, what: "its operand").shape
      let constant = Constant(name: site.node.name, shape: [shape.count], integers: shape)
      try bind(.constant(constant), at: site)
      return true
    }
    guard !site.op.inputs.isEmpty else { return false }
    var operands: [Constant] = []
    for index in site.op.inputs.indices {
      guard case .constant(let constant)? = try optionalValue(index, of: site) else {
        return false
      }
      operands.append(constant)
    }
    guard var folded = try result(of: site, operands) else { return false }
    folded.name = site.node.name
    try bind(.constant(folded), at: site)
    return true
  }

  /// More elements than any real constant of a small network has; folding stops there.
  private static let limit = 1 << 24

  private func result(of site: Site, _ operands: [Constant]) throws(ImportError) -> Constant? {
    let first = operands[0]
    switch site.op.code.description {
    case "DEQUANTIZE":
      // A float16 constant stays as it is: graphs hold float16 weights. An int8 one becomes float32.
      if first.type == .float16 { return first }
      guard let floats = first.floats else { return nil }
      return Constant(
        name: first.name, shape: first.shape, type: .float32, bytes: floats.littleEndianBytes)
    case "RESHAPE", "SQUEEZE", "EXPAND_DIMS":
      return first.reshaped(to: try reshapedShape(of: first.shape, at: site))
    case "TRANSPOSE":
      return first.transposed(try permutation(rank: first.shape.count, at: site))
    case "SLICE", "STRIDED_SLICE":
      let cut = try self.cut(of: first.shape, at: site)
      return first.sliced(begin: cut.begin, strides: cut.strides, counts: cut.counts)
        .reshaped(to: cut.shape)
    case "CAST", "RANGE", "FILL", "REDUCE_PROD", "ADD", "SUB", "MUL", "FLOOR_DIV", "MAXIMUM",
      "MINIMUM", "GATHER":
      return try integerResult(of: site, operands)
    case "PACK":
      let axis = try packAxis(rank: first.shape.count, at: site)
      try checkAlike(operands, except: nil, at: site)
      var shape = first.shape
      shape.insert(1, at: axis)
      return .concatenated(operands.map { $0.reshaped(to: shape) }, axis: axis)
    case "CONCATENATION":
      let axis = try concatenationAxis(rank: first.shape.count, at: site)
      try checkAlike(operands, except: axis, at: site)
      return .concatenated(operands, axis: axis)
    default: return nil
    }
  }

  private func checkAlike(
    _ operands: [Constant], except axis: Int?, at site: Site
  ) throws(ImportError) {
    let first = operands[0]
    for operand in operands {
      let alike =
        operand.type == first.type && operand.shape.count == first.shape.count
        && first.shape.indices.allSatisfy {
          $0 == axis || operand.shape[$0] == first.shape[$0]
        }
      guard alike else {
        throw failure(at: site, .inconsistent("its operands differ in shape or type"))
      }
    }
  }

  /// Shape arithmetic. Anything wider than a vector is left to fail as an ordinary operator.
  private func integerResult(of site: Site, _ operands: [Constant]) throws(ImportError) -> Constant?
  {
    let name = site.node.name
    if site.op.code.description == "FILL" {
      guard let shape = operands[0].integers, operands.count == 2, operands[1].count == 1,
        shape.allSatisfy({ $0 >= 0 }), let count = Shape(shape).elementCount, count <= Self.limit
      else { return nil }
      var filled = operands[1]
      filled.bytes = Array(repeating: filled.bytes, count: count).flatMap { $0 }
      filled.shape = shape
      return filled
    }
    var integers: [[Int]] = []
    for operand in operands {
      guard let values = operand.integers, operand.shape.count <= 1 else { return nil }
      integers.append(values)
    }
    let shape = operands.map(\.shape).max { $0.count < $1.count } ?? []
    switch site.op.code.description {
    case "CAST":
      let type = site.op.outputs.first.map { subgraph.tensors[$0].type }
      guard type == .int32 || type == .int64 else { return nil }
      return Constant(name: name, shape: operands[0].shape, integers: integers[0])
    case "RANGE":
      guard integers.count == 3, integers.allSatisfy({ $0.count == 1 }), integers[2][0] != 0,
        abs(integers[1][0] - integers[0][0]) <= Self.limit
      else { return nil }
      let values = Array(stride(from: integers[0][0], to: integers[1][0], by: integers[2][0]))
      return Constant(name: name, shape: [values.count], integers: values)
    case "REDUCE_PROD":
      var product = 1
      for value in integers[0] {
        let (next, overflow) = product.multipliedReportingOverflow(by: value)
        guard !overflow, Int32(exactly: next) != nil else { return nil }
        product = next
      }
      let keeps = try site.op.options(.reducer)?.bool(0) ?? false
      return Constant(name: name, shape: keeps ? [1] : [], integers: [product])
    case "GATHER":
      guard integers.count == 2, operands[0].shape.count == 1,
        integers[1].allSatisfy({ integers[0].indices.contains($0) })
      else { return nil }
      return Constant(
        name: name, shape: operands[1].shape, integers: integers[1].map { integers[0][$0] })
    default:
      guard let values = elementwise(site.op.code.description, integers) else { return nil }
      return Constant(name: name, shape: shape, integers: values)
    }
  }

  /// Two vectors of equal length, or a vector and a single number.
  private func elementwise(_ name: String, _ operands: [[Int]]) -> [Int]? {
    guard operands.count == 2 else { return nil }
    let (a, b) = (operands[0], operands[1])
    let count = max(a.count, b.count)
    guard a.count == count || a.count == 1, b.count == count || b.count == 1 else { return nil }
    var result: [Int] = []
    for index in 0..<count {
      let x = a[a.count == 1 ? 0 : index]
      let y = b[b.count == 1 ? 0 : index]
      let value: Int
      switch name {
      case "ADD": value = x + y
      case "SUB": value = x - y
      case "MUL": value = x * y
      case "MAXIMUM": value = max(x, y)
      case "MINIMUM": value = min(x, y)
      case "FLOOR_DIV":
        guard y != 0 else { return nil }
        value = x / y - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0)
      default: return nil
      }
      guard Int32(exactly: value) != nil else { return nil }
      result.append(value)
    }
    return result
  }
}
