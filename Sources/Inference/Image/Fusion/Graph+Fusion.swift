internal import ModelFormat

/// Rewrites at image time: the same function in fewer and larger steps.
///
/// Each pattern has a file of its own. A pattern looks at a result and at what it is computed from, and puts one
/// operator in the place of the node that writes it; whatever nobody reads then is dropped at the end. So a value
/// inside a pattern that something else reads as well stays computed, and nothing has to be proven about it.
/// Only float32 values are rewritten, up to rounding; an int8 node would round elsewhere, and changes no bit here.
extension Graph {
  func fused() throws(InferenceError) -> Graph {
    var graph = self
    // Patterns make room for each other; a network that needs more rounds than this is still right.
    for _ in 0..<4 {
      let before = graph.nodes.count
      graph.removeIdleMoves()
      graph.fuseLayerNormalization()
      try graph.fuseFunctions()
      graph.foldScalesAndOffsets()
      graph.fuseAttention()
      graph.joinProjections()
      graph.foldTransposedFactors()
      graph.foldSoftmaxScale()
      graph.foldActivations()
      graph.removeUnused()
      if graph.nodes.count == before { break }
    }
    return graph
  }
}

/// Who writes and who reads each tensor of a graph.
struct GraphIndex {
  /// The node that writes it.
  private(set) var producer: [Int?]
  /// The nodes that read it, one entry for each operand.
  private(set) var readers: [[Int]]
  private let outputs: [TensorID]

  init(_ graph: Graph) {
    producer = [Int?](repeating: nil, count: graph.tensors.count)
    readers = [[Int]](repeating: [], count: graph.tensors.count)
    outputs = graph.outputs
    for (index, node) in graph.nodes.enumerated() {
      for case let id? in node.inputs { readers[id.index].append(index) }
      for id in node.outputs { producer[id.index] = index }
    }
  }

  func producer(of id: TensorID) -> Int? { producer[id.index] }

  /// Whether one node reads it, once, and nobody outside the graph does.
  func isPrivate(_ id: TensorID) -> Bool {
    readers[id.index].count == 1 && !outputs.contains(id)
  }
}

extension Graph {
  /// The values of a float32 constant.
  func floats(_ id: TensorID) -> [Float]? {
    let tensor = self[id]
    guard tensor.type == .float32, let data = tensor.data else { return nil }
    return stride(from: 0, to: data.count - 3, by: 4).map { start in
      var bits: UInt32 = 0
      for byte in 0..<4 { bits |= UInt32(data[start + byte]) << UInt32(8 * byte) }
      return Float(bitPattern: bits)
    }
  }

  /// The values of a float32 constant that is one number, or one number for each index of the last axis, as the latter.
  func lastAxisValues(_ id: TensorID, count: Int) -> [Float]? {
    guard self[id].isConstant, let total = self[id].shape.elementCount,
      total == 1 || (total == count && self[id].shape.dimensions.last == count),
      let values = floats(id)
    else { return nil }
    return total == 1 ? [Float](repeating: values[0], count: count) : values
  }

  /// The value of a float32 constant of one element.
  func number(_ id: TensorID) -> Float? {
    self[id].shape.elementCount == 1 ? floats(id)?.first : nil
  }

  mutating func addConstant(_ name: String, _ shape: Shape, _ values: [Float]) -> TensorID {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * 4)
    for value in values { bytes.append(littleEndian: value) }
    return add(Tensor(name: name, shape: shape, type: .float32, data: bytes))
  }

  /// The tensor that `id` holds in another shape only.
  func beforeReshapes(_ id: TensorID, _ index: GraphIndex) -> TensorID {
    var current = id
    while let node = index.producer(of: current), nodes[node].operation == .reshape,
      let input = nodes[node].inputs[0]
    {
      current = input
    }
    return current
  }

  /// Puts a reshape before `readers` where `id` has another shape.
  mutating func reshaped(_ id: TensorID, to shape: Shape, _ nodes: inout [Node]) -> TensorID {
    if self[id].shape == shape { return id }
    var tensor = self[id]
    tensor.shape = shape
    tensor.data = nil
    let output = add(tensor)
    nodes.append(
      Node(name: tensor.name + "/shape", operation: .reshape, inputs: [id], outputs: [output]))
    return output
  }
}
