internal import ModelFormat

/// Where everything that is computed lies in the arena.
struct ArenaLayout: Equatable {
  /// Offset of each tensor; `nil` for constants and for what is never computed.
  var tensors: [Int?]
  /// For each node.
  var scratch: [Int]
  var state: [Int]
  var bytes: Int

  /// Plans the arena of a graph whose nodes have these requirements; `nil` when it is too large.
  /// Inputs are there from the start, outputs to the end, and state always.
  init?(of graph: Graph, requirements: [Requirements]) {
    var collector = Collector(graph)
    for id in graph.inputs { collector.use(id, at: 0) }
    for index in graph.nodes.indices {
      let isSkipped = graph.isSkipped(node: index)
      let isReshape = graph.nodes[index].operation == .reshape
      if isSkipped, !isReshape { continue }
      for id in graph.reads(ofNode: index) { collector.use(id, at: index) }
      for id in graph.nodes[index].outputs { collector.use(id, at: index) }
    }
    for id in graph.outputs { collector.use(id, at: graph.nodes.count) }

    let always = 0...graph.nodes.count
    var buffers = collector.buffers
    let firstScratch = buffers.count
    for (index, node) in requirements.enumerated() {
      buffers.append(.init(bytes: node.scratchBytes, lifetime: index...index))
    }
    for node in requirements { buffers.append(.init(bytes: node.stateBytes, lifetime: always)) }
    guard let plan = MemoryPlan(placing: buffers) else { return nil }
    tensors = collector.bufferOfTensor.map { $0.map { plan.offsets[$0] } }
    let firstState = firstScratch + requirements.count
    scratch = Array(plan.offsets[firstScratch..<firstState])
    state = Array(plan.offsets[firstState...])
    bytes = plan.arenaBytes
  }

  init(tensors: [Int?], scratch: [Int], state: [Int], bytes: Int) {
    (self.tensors, self.scratch, self.state, self.bytes) = (tensors, scratch, state, bytes)
  }
}

extension ArenaLayout {
  /// Gathers lifetimes, one buffer for a tensor, all its reshapes, and what is computed in its place.
  private struct Collector {
    var buffers: [MemoryPlan.Buffer] = []
    var bufferOfTensor: [Int?]
    private var root: [Int]
    private let graph: Graph

    init(_ graph: Graph) {
      self.graph = graph
      bufferOfTensor = [Int?](repeating: nil, count: graph.tensors.count)
      root = Array(graph.tensors.indices)
      for index in graph.nodes.indices where graph.nodes[index].operation == .reshape {
        guard graph.isSkipped(node: index), let output = graph.nodes[index].outputs.first,
          let input = graph.nodes[index].inputs.first, let input
        else { continue }
        root[output.index] = root[input.index]
      }
      shareInPlace()
    }

    /// Lets steps write over their input where they are the last to read it.
    private mutating func shareInPlace() {
      var lastRead = [Int](repeating: -1, count: root.count)
      func note(_ id: TensorID, at index: Int) {
        lastRead[root[id.index]] = max(lastRead[root[id.index]], index)
      }
      for index in graph.nodes.indices where !graph.isSkipped(node: index) {
        for id in graph.reads(ofNode: index) { note(id, at: index) }
      }
      for id in graph.outputs { note(id, at: graph.nodes.count) }
      for (index, node) in graph.nodes.enumerated() {
        guard
          let position = graph.inPlaceInput(
            ofNode: index, where: { lastRead[root[$0.index]] == index && !graph[$0].isConstant }),
          let input = node.inputs[position], let output = node.outputs.first
        else { continue }
        let (kept, joined) = (root[input.index], root[output.index])
        let isReadOtherwise = node.inputs.contains { other in
          guard let other else { return false }
          return other != input && root[other.index] == kept
        }
        if isReadOtherwise || kept == joined { continue }
        lastRead[kept] = max(lastRead[kept], lastRead[joined])
        for tensor in root.indices where root[tensor] == joined { root[tensor] = kept }
      }
    }

    mutating func use(_ id: TensorID, at step: Int) {
      let tensor = graph[id]
      if tensor.isConstant { return }
      let owner = root[id.index]
      if let buffer = bufferOfTensor[owner] {
        let lifetime = buffers[buffer].lifetime
        buffers[buffer].lifetime =
          min(lifetime.lowerBound, step)...max(lifetime.upperBound, step)
        bufferOfTensor[id.index] = buffer
      } else {
        buffers.append(
          .init(bytes: (tensor.shape.elementCount ?? 0) * tensor.type.size, lifetime: step...step))
        bufferOfTensor[owner] = buffers.count - 1
        bufferOfTensor[id.index] = buffers.count - 1
      }
    }
  }
}
