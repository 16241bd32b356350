internal import ModelFormat

/// An image in memory: what is written to a file, or run at once.
struct PreparedGraph {
  var image: Image
  var blobs: [[UInt8]]

  /// `graph` is lowered; its constants that can be folded are folded.
  init(_ graph: Graph, for deviceClass: DeviceClass) throws(InferenceError) {
    var requirements: [Requirements] = []
    for index in graph.nodes.indices {
      let view = NodeView(graph: graph, index: index, tile: deviceClass.tile)
      requirements.append(
        graph.isSkipped(node: index) ? Requirements() : try Step.requirements(of: view))
    }
    guard let arena = ArenaLayout(of: graph, requirements: requirements) else {
      throw .tooLarge(layer: graph.name, tensor: "working memory")
    }
    blobs = []
    image = Image(
      deviceClass: deviceClass, graph: graph,
      constants: [Int?](repeating: nil, count: graph.tensors.count), matrices: [], arena: arena)
    for index in graph.nodes.indices {
      try addBlobs(of: index, requirements[index], tile: deviceClass.tile)
    }
    for index in graph.tensors.indices {
      image.graph.tensors[index].data = nil
      // What is packed holds its scales in its blob; what steps read as it is keeps them.
      if graph.tensors[index].isConstant, image.constants[index] == nil {
        image.graph.tensors[index].quantization = nil
      }
    }
  }

  private mutating func addBlobs(
    of index: Int, _ requirements: Requirements, tile: Tile
  ) throws(InferenceError) {
    let graph = image.graph
    var matrices: [Int] = []
    for request in requirements.matrices {
      matrices.append(blobs.count)
      blobs.append(try request.packed(graph, layer: graph.nodes[index].name, tile: tile))
    }
    image.matrices.append(matrices)
    if graph.isSkipped(node: index) { return }
    let packed = requirements.matrices.flatMap { [$0.weights, $0.bias].compactMap { $0 } }
    for (position, id) in graph.reads(ofNode: index).enumerated() {
      guard position == 0 || !packed.contains(id), let data = graph[id].data,
        image.constants[id.index] == nil
      else { continue }
      image.constants[id.index] = blobs.count
      blobs.append(data)
    }
  }

  /// An interpreter over copies of the blobs; it keeps them alive.
  func interpreter() throws(InferenceError) -> Interpreter {
    let storage = BlobStorage(blobs)
    return try Interpreter(image, blobs: storage.blobs, owner: storage)
  }
}

/// Blobs in memory of their own, aligned as in a file.
final class BlobStorage {
  let blobs: [UnsafeRawBufferPointer]

  init(_ blobs: [[UInt8]]) {
    self.blobs = blobs.map { blob in
      let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(blob.count, 1), alignment: MemoryPlan.alignment)
      memory.copyBytes(from: blob)
      return UnsafeRawBufferPointer(rebasing: memory[..<blob.count])
    }
  }

  deinit {
    for blob in blobs { blob.baseAddress?.deallocate() }
  }
}
