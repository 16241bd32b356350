/// What a node costs: what `model show` lists.
extension Graph {
  /// Multiplications with accumulation in one prediction; 0 for operators that only move or map elements.
  ///
  /// The graph must be valid.
  public func macs(of node: Node) -> UInt64 {
    func extent(_ input: Int, _ axis: Int) -> UInt64 {
      UInt64(self[node.inputs[input]!].shape[axis])
    }
    func elements(_ id: TensorID) -> UInt64 { UInt64(self[id].shape.elementCount ?? 0) }
    let output = elements(node.outputs[0])
    switch node.operation {
    case .dense: return output * extent(1, 1)
    case .convolution2D: return output * extent(1, 1) * extent(1, 2) * extent(1, 3)
    case .depthwiseConvolution2D: return output * extent(1, 1) * extent(1, 2)
    case .transposedConvolution2D:
      return elements(node.inputs[0]!) * extent(1, 0) * extent(1, 1) * extent(1, 2)
    case .lstm: return output * 4 * (extent(1, 1) + extent(2, 1))
    case .gru: return output * 3 * (extent(1, 1) + extent(2, 1))
    case .batchMatMul(let transposeA, _):
      let shape = self[node.inputs[0]!].shape
      return output * UInt64(shape[shape.rank - (transposeA ? 2 : 1)])
    case .attention:
      let shape = self[node.inputs[0]!].shape
      let isPacked = node.inputs.count == 1
      let keys = isPacked ? UInt64(shape[1]) : extent(1, 1)
      let width = isPacked ? UInt64(shape[2] / 3) : UInt64(shape[2])
      return elements(node.outputs[0]) * keys + UInt64(shape[0] * shape[1]) * width * keys
    default: return 0
    }
  }

  /// Multiplications with accumulation of all nodes; `UInt64.max` when they are more than that.
  public var macs: UInt64 {
    var sum: UInt64 = 0
    for node in nodes {
      let (next, overflow) = sum.addingReportingOverflow(macs(of: node))
      if overflow { return .max }
      sum = next
    }
    return sum
  }

  /// Elements of the constants that `node` reads.
  public func parameterCount(of node: Node) -> Int {
    constants(of: node).reduce(0) { $0 + (self[$1].shape.elementCount ?? 0) }
  }

  /// Bytes of the constants that `node` reads, as they are stored.
  public func parameterBytes(of node: Node) -> Int {
    constants(of: node).reduce(0) { $0 + (self[$1].data?.count ?? 0) }
  }

  /// Elements of all constants, each counted once.
  public var parameterCount: Int {
    tensors.reduce(0) { $0 + ($1.isConstant ? $1.shape.elementCount ?? 0 : 0) }
  }

  /// Bytes of all constants, each counted once.
  public var parameterBytes: Int { tensors.reduce(0) { $0 + ($1.data?.count ?? 0) } }

  private func constants(of node: Node) -> [TensorID] {
    node.inputs.compactMap { $0 }.filter { self[$0].isConstant }
  }
}
