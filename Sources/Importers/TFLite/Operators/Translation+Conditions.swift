internal import ModelFormat

/// Truth values. The graph holds them as float32: 1 where something holds, else 0.
extension Translation {
  mutating func select(_ site: Site) throws(ImportError) {
    let (condition, first) = try operand(0, of: site, what: "its condition")
    let (a, second) = try operand(1, of: site, what: "what it takes where the condition holds")
    let (b, third) = try operand(2, of: site, what: "what it takes elsewhere")
    var inputs = [condition, a, b]
    var rows = first
    // The first version takes a vector of conditions, one for each index of the first axis.
    if site.op.code.description == "SELECT", first.count == 1, second.count > 1 {
      rows = first + Array(repeating: 1, count: second.count - 1)
      inputs[0] = try emit(.reshape, [condition], shape: rows, at: site, suffix: "/condition")
    }
    guard let branches = Self.broadcast(second, third),
      let shape = Self.broadcast(rows, branches)
    else {
      throw failure(at: site, .inconsistent("it cannot combine \(first), \(second) and \(third)"))
    }
    try finish(.select, inputs, shape: shape, at: site)
  }

  mutating func negate(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    let zero = graph.add(
      Tensor(
        name: "\(site.node.name)/zero", shape: [1], type: .float32,
        data: [Float(0)].littleEndianBytes))
    try finish(.binary(.equal, activation: .none), [x, zero], shape: shape, at: site)
  }

  /// Between truth values and float32, which are the same here.
  mutating func cast(_ site: Site) throws(ImportError) {
    let types = (site.op.inputs + site.op.outputs).compactMap {
      $0.map { subgraph.tensors[$0].type }
    }
    guard types.allSatisfy({ $0 == .bool || $0 == .float32 }), types.last == .float32 else {
      throw unsupported(
        "it casts \(types.map { "\($0)" }.joined(separator: " to "))", at: site,
        advice: "keep the network's values float32")
    }
    let (x, shape) = try operand(0, of: site, what: "its operand")
    try bind(.runtime(x, shape), at: site)
  }
}
