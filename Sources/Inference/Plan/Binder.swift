internal import CKernels
internal import ModelFormat

/// Checks an image against its own graph and gives each node its memory.
struct Binder {
  private(set) var image: Image
  private let blobs: [UnsafeRawBufferPointer]
  let requirements: [Requirements]
  /// What all tables take after the arena, with room for kernels that read past the last values.
  let tableBytes: Int

  init(_ image: Image, blobs: [UnsafeRawBufferPointer]) throws(InferenceError) {
    var graph = image.graph
    let sizes = [image.constants.count, image.arena.tensors.count]
    let lists = [image.matrices.count, image.arena.scratch.count, image.arena.state.count]
    guard sizes.allSatisfy({ $0 == graph.tensors.count }),
      lists.allSatisfy({ $0 == graph.nodes.count })
    else { throw .damagedImage("its tables have other lengths than its graph") }
    guard (0...MemoryPlan.limit).contains(image.arena.bytes) else {
      throw .damagedImage("its arena has \(image.arena.bytes) bytes")
    }
    try Self.checkReferences(graph)
    // The data lies in blobs; that it is there tells constants from computed values.
    for (index, blob) in image.constants.enumerated() where blob != nil {
      graph.tensors[index].data = []
    }
    self.image = image
    self.image.graph = graph
    self.blobs = blobs
    var requirements: [Requirements] = []
    for index in graph.nodes.indices {
      let view = NodeView(graph: graph, index: index, tile: image.deviceClass.tile)
      requirements.append(
        graph.isSkipped(node: index) ? Requirements() : try Step.requirements(of: view))
    }
    self.requirements = requirements
    var tableBytes = MemoryPlan.alignment
    for (node, needs) in zip(graph.nodes, requirements) {
      tableBytes += MemoryPlan.aligned(needs.tableBytes)
      guard tableBytes <= MemoryPlan.limit else {
        throw .tooLarge(layer: node.name, tensor: "tables of positions")
      }
    }
    self.tableBytes = tableBytes
  }

  private static func checkReferences(_ graph: Graph) throws(InferenceError) {
    let all = graph.tensors.indices
    for node in graph.nodes {
      let used = node.inputs.compactMap { $0 } + node.outputs
      guard used.allSatisfy({ all.contains($0.index) }) else {
        throw .damagedImage("layer '\(node.name)' refers to a tensor that is not there")
      }
    }
    guard (graph.inputs + graph.outputs).allSatisfy({ all.contains($0.index) }) else {
      throw .damagedImage("an input or output refers to a tensor that is not there")
    }
  }

  /// Where inputs or outputs lie.
  func offsets(of ids: [TensorID]) throws(InferenceError) -> [Int] {
    var offsets: [Int] = []
    for id in ids { offsets.append(try offset(of: id)) }
    return offsets
  }

  /// Binds every node that takes a step; `spans` are what each touches of the arena, `states` the parts that survive a run.
  ///
  /// After the arena come ``tableBytes``, all zeros.
  func steps(
    in arena: UnsafeMutableRawPointer
  ) throws(InferenceError) -> (steps: [Step], spans: [[ArenaSpan]], states: [Range<Int>]) {
    var steps: [Step] = []
    var spans: [[ArenaSpan]] = []
    var table = arena + MemoryPlan.aligned(image.arena.bytes)
    var states: [Range<Int>] = []
    for index in image.graph.nodes.indices {
      if image.graph.isSkipped(node: index) {
        try checkSkipped(index)
        continue
      }
      let view = NodeView(graph: image.graph, index: index, tile: image.deviceClass.tile)
      steps.append(try Step.bound(view, try binding(of: index, in: arena, table: table)))
      spans.append(try self.spans(ofNode: index))
      table += MemoryPlan.aligned(requirements[index].tableBytes)
      let bytes = requirements[index].stateBytes
      if bytes > 0 { states.append(image.arena.state[index]..<image.arena.state[index] + bytes) }
    }
    return (steps, spans, states)
  }

  /// A reshape that takes no step has its output where its input is.
  private func checkSkipped(_ index: Int) throws(InferenceError) {
    let node = image.graph.nodes[index]
    guard node.operation == .reshape else { return }
    let view = NodeView(graph: image.graph, index: index, tile: image.deviceClass.tile)
    let (x, y) = try (view.input(0), view.output())
    guard x.type == y.type, x.shape.elementCount == y.shape.elementCount,
      try offset(of: view.inputID(0)) == offset(of: node.outputs[0])
    else { throw .damagedImage("layer '\(node.name)' does not share its input's memory") }
  }

  private func binding(
    of index: Int, in arena: UnsafeMutableRawPointer, table: UnsafeMutableRawPointer
  ) throws(InferenceError) -> Binding {
    let node = image.graph.nodes[index]
    let needs = requirements[index]
    let packed = needs.matrices.flatMap { [$0.weights, $0.bias].compactMap { $0 } }
    var inputs: [UnsafeRawPointer?] = []
    for (position, id) in node.inputs.enumerated() {
      let read = position == 0 ? image.graph.repeatedInput(ofNode: index) ?? id : id
      // Weights are read packed; the first operand as it is, even where it is the weights as well.
      guard let read, position == 0 || !packed.contains(read) else {
        inputs.append(nil)
        continue
      }
      inputs.append(try source(read, in: arena))
    }
    var outputs: [UnsafeMutableRawPointer?] = []
    for id in node.outputs { outputs.append(arena + (try offset(of: id))) }
    let scratch = try checked(image.arena.scratch[index], bytes: needs.scratchBytes)
    let state = try checked(image.arena.state[index], bytes: needs.stateBytes)
    try checkOverlaps(ofNode: index)
    return Binding(
      inputs: inputs, outputs: outputs, scratch: arena + scratch, state: arena + state,
      table: table,
      matrices: try matrices(of: index))
  }

  private func matrices(of index: Int) throws(InferenceError) -> [Matrix] {
    let requests = requirements[index].matrices
    let positions = image.matrices[index]
    let tile = image.deviceClass.tile
    let name = image.graph.nodes[index].name
    guard positions.count == requests.count else {
      throw .damagedImage("layer '\(name)' has another number of matrices")
    }
    var matrices: [Matrix] = []
    for (request, position) in zip(requests, positions) {
      let blob = try blob(position, bytes: MatrixLayout(request, tile: tile).bytes)
      matrices.append(Matrix(request, tile: tile, blob: blob))
    }
    return matrices
  }

  private func source(
    _ id: TensorID, in arena: UnsafeMutableRawPointer
  ) throws(InferenceError) -> UnsafeRawPointer {
    guard let position = image.constants[id.index] else {
      return UnsafeRawPointer(arena + (try offset(of: id)))
    }
    return try blob(position, bytes: try bytes(of: id))
  }

  private func blob(_ position: Int, bytes: Int) throws(InferenceError) -> UnsafeRawPointer {
    guard blobs.indices.contains(position), blobs[position].count == bytes,
      let start = blobs[position].baseAddress
    else { throw .damagedImage("blob \(position) has not the \(bytes) bytes of its tensor") }
    return start
  }

  func offset(of id: TensorID) throws(InferenceError) -> Int {
    guard let offset = image.arena.tensors[id.index] else {
      throw .damagedImage("tensor '\(image.graph[id].name)' has no place")
    }
    return try checked(offset, bytes: try bytes(of: id))
  }

  func bytes(of id: TensorID) throws(InferenceError) -> Int {
    let tensor = image.graph[id]
    guard let count = tensor.shape.elementCount, count <= 1 << 26 else {
      throw .damagedImage("tensor '\(tensor.name)' is too large")
    }
    return count * tensor.type.size
  }

  private func checked(_ offset: Int, bytes: Int) throws(InferenceError) -> Int {
    guard (0...image.arena.bytes).contains(offset), offset % MemoryPlan.alignment == 0,
      bytes <= image.arena.bytes - offset
    else { throw .damagedImage("a buffer of \(bytes) bytes at \(offset) lies outside the arena") }
    return offset
  }
}
