import ModelFormat
import Testing

@Suite struct ValidationTests {
  @Test(arguments: GraphSamples.all) func samplesAreValid(_ graph: Graph) throws {
    try graph.validate()
  }

  @Test func everyOperatorIsSampled() {
    let names = Set(GraphSamples.all.flatMap { $0.nodes.map(\.operation.name) })
    #expect(names.count >= 24 + BinaryKind.allCases.count + UnaryKind.allCases.count)
  }

  /// Whatever extent of whatever tensor is changed, some rule sees it: no shape goes unchecked.
  @Test(arguments: GraphSamples.all) func everyExtentIsChecked(_ graph: Graph) throws {
    for index in graph.tensors.indices {
      for axis in graph.tensors[index].shape.dimensions.indices {
        var changed = graph
        changed.tensors[index].shape[axis] += 1
        if graph.tensors[index].isConstant || isFree(index, axis, in: graph) { continue }
        #expect(
          throws: GraphError.self, "tensor \(graph.tensors[index].name), axis \(axis)"
        ) { try changed.validate() }
      }
    }
  }

  /// Strided windows may leave rows over at the end: one row more can give the same output.
  private func isFree(_ index: Int, _ axis: Int, in graph: Graph) -> Bool {
    graph.nodes.contains { node in
      let touches =
        node.inputs.contains(TensorID(index)) || node.outputs.contains(TensorID(index))
      switch node.operation {
      case .pool2D, .convolution2D, .transposedConvolution2D, .slice, .resize2D: return touches
      case .reduce(_, let axes, _): return touches && axes.contains(axis)
      default: return false
      }
    }
  }

  @Test(arguments: GraphSamples.all) func everyOperandIsChecked(_ graph: Graph) throws {
    for index in graph.nodes.indices {
      var changed = graph
      changed.nodes[index].outputs = []
      #expect(throws: GraphError.self) { try changed.validate() }
      changed = graph
      changed.nodes[index].inputs = []
      #expect(throws: GraphError.self) { try changed.validate() }
      changed = graph
      changed.nodes[index].inputs += [nil, nil, nil]
      #expect(throws: GraphError.self) { try changed.validate() }
      for bad in [-1, graph.tensors.count, .max] {
        changed = graph
        changed.nodes[index].inputs[0] = TensorID(bad)
        #expect(throws: GraphError.self) { try changed.validate() }
        changed.nodes[index] = graph.nodes[index]
        changed.nodes[index].outputs[0] = TensorID(bad)
        #expect(throws: GraphError.self) { try changed.validate() }
      }
    }
  }

  @Test func orderAndSingleAssignment() {
    var graph = GraphSamples.movement
    graph.nodes.swapAt(0, 1)
    #expect(throws: GraphError.self) { try graph.validate() }
    graph = GraphSamples.movement
    graph.nodes.append(graph.nodes[0])
    #expect(throws: GraphError.self) { try graph.validate() }
    graph = GraphSamples.movement
    graph.inputs.append(graph.inputs[0])
    #expect(throws: GraphError.self) { try graph.validate() }
    graph = GraphSamples.movement
    graph.outputs = []
    #expect(throws: GraphError.self) { try graph.validate() }
    graph = GraphSamples.movement
    graph.nodes.removeLast()
    let error = #expect(throws: GraphError.self) { try graph.validate() }
    #expect(error?.description == "tensor 7 (t7): is a graph output that no node writes")
  }

  /// What validates must also fit its header, or it could be written and never read again.
  @Test func namesAreBounded() throws {
    let longest = String(repeating: "n", count: Graph.maximumNameBytes)
    var graph = GraphSamples.movement
    graph.name = longest
    graph.nodes[0].name = longest
    graph.tensors[0].name = longest
    try graph.validate()
    #expect(try Package(decoding: Package(graph: graph).encode()).graph == graph)
    for change in [
      { $0.name += "n" }, { $0.nodes[0].name += "n" }, { $0.tensors[0].name += "n" },
    ] as [(inout Graph) -> Void] {
      var changed = graph
      change(&changed)
      #expect(throws: GraphError.self) { try changed.validate() }
    }
  }

  @Test func errorsNameTheNode() {
    let graph = GraphBuilder.one(.transpose(permutation: [0, 0]), [2, 3], gives: [3, 2])
    let error = #expect(throws: GraphError.self) { try graph.validate() }
    #expect(
      error?.description == "node 0 (transpose n0): has the permutation [0, 0] for [2, 3]")
  }
}
