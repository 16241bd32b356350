internal import ModelFormat

/// What each step of an image is and takes, in the order in which the steps run. Which kernels it calls is seen when it
/// runs: ``Interpreter/kernelNames(input:output:)``.
struct LayerDescriber {
  private let graph: Graph
  private let image: Image
  private let blobs: [UnsafeRawBufferPointer]

  init(_ image: Image, _ blobs: [UnsafeRawBufferPointer]) {
    var graph = image.graph
    for (index, blob) in image.constants.enumerated() where blob != nil {
      graph.tensors[index].data = []
    }
    self.graph = graph
    self.image = image
    self.blobs = blobs
  }

  var layers: [LayerProfile] {
    graph.nodes.indices.filter { !graph.isSkipped(node: $0) }.map { layer($0) }
  }

  private func layer(_ index: Int) -> LayerProfile {
    let node = graph.nodes[index]
    let reads = graph.reads(ofNode: index)
    let packed = image.matrices[index].map { UInt64(blobs[$0].count) }
    let constants = reads.compactMap { image.constants[$0.index] }.map { UInt64(blobs[$0].count) }
    let weights = (packed + constants).reduce(0, +)
    // What a recurrent layer packs last is its recurrent matrix, read once a step.
    let passes = recurrentSteps(node)
    let again = (packed.last ?? 0) * (passes - 1)
    let computed = reads.filter { image.constants[$0.index] == nil && !isPacked($0, of: index) }
    return LayerProfile(
      name: node.name, operation: node.operation.name, fused: fused(index),
      kernel: "", tile: tile(index), arithmetic: arithmetic(node),
      macs: macs(index), weightBytes: weights, weightTraffic: weights + again,
      readBytes: computed.reduce(0) { $0 + bytes(of: $1) },
      writtenBytes: node.outputs.reduce(0) { $0 + bytes(of: $1) })
  }

  private func bytes(of id: TensorID) -> UInt64 {
    UInt64((graph[id].shape.elementCount ?? 0) * graph[id].type.size)
  }

  /// Weights and biases lie in the node's packed matrices; only tensors that another node writes, and inputs, have a place.
  private func isPacked(_ id: TensorID, of index: Int) -> Bool {
    image.arena.tensors[id.index] == nil
  }

  private func tile(_ index: Int) -> UInt64 {
    guard !image.matrices[index].isEmpty, let weights = weightType(graph.nodes[index]) else {
      return 0
    }
    let tile = image.deviceClass.tile
    return UInt64(MatrixType(weights)?.width(tile) ?? 0)
  }

  private func weightType(_ node: Node) -> ElementType? {
    guard node.inputs.count > 1, let id = node.inputs[1] else { return nil }
    return graph[id].type
  }

  private func arithmetic(_ node: Node) -> LayerProfile.Arithmetic {
    guard graph.macs(of: node) > 0 else { return .none }
    switch weightType(node) ?? graph[node.outputs[0]].type {
    case .float16: return .float16
    case .int4, .int8, .int16, .int32: return .int8
    case .float32: return .float32
    }
  }

  /// The graph's count, but for what is multiplied once although it comes at every step.
  private func macs(_ index: Int) -> UInt64 {
    let node = graph.nodes[index]
    let all = graph.macs(of: node)
    guard graph.repeatedInput(ofNode: index) != nil, let w = node.inputs[1] else { return all }
    let rows = graph[w].shape
    let output = graph[node.outputs[0]].shape
    return all - UInt64(output[0] * (output[1] - 1) * rows[0] * rows[1])
  }

  private func recurrentSteps(_ node: Node) -> UInt64 {
    let shape = graph[node.outputs[0]].shape
    return node.operation.isRecurrent && shape.rank == 3 ? UInt64(shape[0] * shape[1]) : 1
  }

  private func fused(_ index: Int) -> [String] {
    var all: [String] = []
    if graph.repeatedInput(ofNode: index) != nil { all.append("repeated input") }
    if let activation = graph.nodes[index].operation.activation, activation != Activation.none {
      all.append(activation.name)
    }
    return all
  }
}
