internal import CKernels
internal import ModelFormat

/// Functions of one value that stand as several nodes: GELU by its error function or its tanh, SELU, SiLU, hard swish,
/// leaky rectifiers and the like.
///
/// There are many ways to write each, so the nodes are not compared but computed: over numbers from -30 to 30. What
/// agrees there with a function that has a kernel is that function (the closest two, GELU's forms, differ by 5e-4).
extension Graph {
  mutating func fuseFunctions() throws(InferenceError) {
    let index = GraphIndex(self)
    var references: [(kind: UnaryKind, values: [Float])] = []
    for position in nodes.indices {
      for cone in cones(below: position, index) {
        if references.isEmpty { references = FunctionSamples.references }
        guard let values = try values(of: cone, position) else { continue }
        if let match = references.first(where: { FunctionSamples.agree(values, $0.values) }) {
          nodes[position].operation = .unary(match.kind)
        } else if let slope = FunctionSamples.leakySlope(values) {
          nodes[position].operation = .leakyReLU(alpha: slope)
        } else {
          continue
        }
        nodes[position].inputs = [cone.root]
        break
      }
    }
  }

  /// Nodes that compute a tensor from one root and from constant numbers.
  private struct Cone {
    var root: TensorID
    var nodes: [Int]
  }

  private static let mostNodes = 12

  /// The cones of the node's output that make sense to look up, the largest first.
  private func cones(below position: Int, _ index: GraphIndex) -> [Cone] {
    guard isElementwise(nodes[position], index), let output = nodes[position].outputs.first else {
      return []
    }
    var inside = [position]
    var leaves: [TensorID] = []
    var next = 0
    while next < inside.count {
      for case let id? in nodes[inside[next]].inputs where !leaves.contains(id) {
        leaves.append(id)
        if let producer = index.producer(of: id), isElementwise(nodes[producer], index),
          !inside.contains(producer)
        {
          inside.append(producer)
          if inside.count > Self.mostNodes { return [] }
        }
      }
      next += 1
    }
    let shape = self[output].shape
    let roots = leaves.filter { !self[$0].isConstant && self[$0].shape == shape }
    let order = roots.sorted { index.producer(of: $0) ?? -1 < index.producer(of: $1) ?? -1 }
    return order.compactMap { cone(to: output, from: $0, index) }
  }

  private func isElementwise(_ node: Node, _ index: GraphIndex) -> Bool {
    guard let output = node.outputs.first, self[output].type == .float32 else { return false }
    switch node.operation {
    case .unary, .binary, .leakyReLU, .select: return true
    default: return false
    }
  }

  /// `nil` when something else than the root and numbers has a part in it, or when it is one node already.
  private func cone(to output: TensorID, from root: TensorID, _ index: GraphIndex) -> Cone? {
    var inside: [Int] = []
    var open = [output]
    while let id = open.popLast() {
      if id == root || number(id) != nil { continue }
      guard let producer = index.producer(of: id), isElementwise(nodes[producer], index) else {
        return nil
      }
      if inside.contains(producer) { continue }
      inside.append(producer)
      open += nodes[producer].inputs.compactMap { $0 }
    }
    if inside.count == 1 {
      switch nodes[inside[0]].operation {
      case .unary, .leakyReLU: return nil
      default: break
      }
    }
    return Cone(root: root, nodes: inside.sorted())
  }

  /// The output of node `position` where the cone's root goes through the samples.
  private func values(of cone: Cone, _ position: Int) throws(InferenceError) -> [Float]? {
    var small = Graph(name: "function")
    var tensors: [TensorID: TensorID] = [:]
    let count = FunctionSamples.points.count
    tensors[cone.root] = small.addConstant("x", [count], FunctionSamples.points)
    for node in cone.nodes.map({ nodes[$0] }) {
      var copy = node
      copy.inputs = node.inputs.map { id in
        guard let id else { return nil }
        if let known = tensors[id] { return known }
        guard let number = number(id) else { return nil }
        let constant = small.addConstant("number", [1], [number])
        tensors[id] = constant
        return constant
      }
      let reads = copy.inputs.compactMap { $0 }
      let isNumber = reads.allSatisfy { small[$0].shape.elementCount == 1 }
      let output = small.add(
        Tensor(name: node.name, shape: isNumber ? [1] : [count], type: .float32))
      copy.outputs = [output]
      tensors[node.outputs[0]] = output
      small.nodes.append(copy)
    }
    guard let output = tensors[nodes[position].outputs[0]],
      small[output].shape.elementCount == count
    else { return nil }
    small.outputs = [output]
    guard let bytes = try small.computedOutputs().first else { return nil }
    return small.withData(bytes, of: output)
  }

  private func withData(_ bytes: [UInt8], of id: TensorID) -> [Float]? {
    var copy = self
    copy.tensors[id.index].data = bytes
    return copy.floats(id)
  }
}

/// Where functions are compared, and how they come out.
enum FunctionSamples {
  static let points = (0...160).map { Float($0) * 0.125 - 10 } + [-30, -20, -15, 15, 20, 30]

  static var references: [(kind: UnaryKind, values: [Float])] {
    let kinds: [UnaryKind] = [
      .relu, .relu6, .reluN1To1, .tanh, .sigmoid, .absolute, .elu, .hardSwish, .gelu, .geluTanh,
      .selu, .silu,
    ]
    guard let kernels = bk_kernels_portable() else { return [] }
    return kinds.map { kind in
      var values = points
      kernels.pointee.elementwise.f32_unary(
        bk_unary_kind(UInt32(kind.rawValue)), values.count, points, &values)
      return (kind, values)
    }
  }

  static func agree(_ a: [Float], _ b: [Float]) -> Bool {
    zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }
  }

  /// The slope below zero, where that is all that makes the function differ from the identity.
  static func leakySlope(_ values: [Float]) -> Float? {
    guard let first = points.firstIndex(of: -1) else { return nil }
    let slope = -values[first]
    guard slope.isFinite else { return nil }
    return agree(values, points.map { $0 < 0 ? slope * $0 : $0 }) && slope != 1 ? slope : nil
  }
}
