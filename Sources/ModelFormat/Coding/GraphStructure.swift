public import Encoding

/// A graph without the bytes of its constants, as headers of packages and images hold it.
public struct GraphStructure: Equatable, Sendable {
  /// Its tensors' `data` is nil throughout.
  public var graph: Graph
  /// For each tensor the blob that its bytes stand in; `nil` for values computed at run time.
  public var blobs: [Int?]

  /// The structure of `graph`, whose constants get blobs numbered from 0 in the order of the tensor table.
  public init(_ graph: Graph) {
    var next = 0
    blobs = graph.tensors.map { tensor in
      guard tensor.isConstant else { return nil }
      next += 1
      return next - 1
    }
    self.graph = graph
    for index in graph.tensors.indices { self.graph.tensors[index].data = nil }
  }

  /// With blobs numbered by the caller, who stores the constants in a form of its own.
  public init(_ graph: Graph, blobs: [Int?]) {
    self.graph = graph
    self.blobs = blobs
    for index in graph.tensors.indices { self.graph.tensors[index].data = nil }
  }

  public var cbor: CBOR {
    .map([
      CBORField("name", .text(graph.name)),
      CBORField(
        "tensors",
        .array(graph.tensors.indices.map { graph.tensors[$0].cbor(blob: blobs[$0]) })),
      CBORField("nodes", .array(graph.nodes.map { $0.cbor })),
      CBORField("inputs", .array(graph.inputs.map { CBOR($0.index) })),
      CBORField("outputs", .array(graph.outputs.map { CBOR($0.index) })),
    ])
  }

  /// Reads the structure and checks each field by itself; ``Graph/validate()`` checks how they go together.
  public init(_ node: CBORNode) throws(CBORError) {
    try node.allowOnly(["name", "tensors", "nodes", "inputs", "outputs"])
    var graph = Graph(name: try node.field("name").text(atMost: Graph.maximumNameBytes))
    blobs = []
    for item in try node.field("tensors").elements(atMost: Graph.maximumTensors) {
      let (tensor, blob) = try Tensor.reading(item)
      graph.tensors.append(tensor)
      blobs.append(blob)
    }
    for item in try node.field("nodes").elements(atMost: Graph.maximumNodes) {
      graph.nodes.append(try Node(item))
    }
    graph.inputs = try TensorID.list(node.field("inputs"))
    graph.outputs = try TensorID.list(node.field("outputs"))
    self.graph = graph
  }
}

extension TensorID {
  static func list(_ node: CBORNode) throws(CBORError) -> [TensorID] {
    var list: [TensorID] = []
    for item in try node.elements(atMost: Graph.maximumOperands) {
      list.append(TensorID(try item.int()))
    }
    return list
  }
}

extension Node {
  var cbor: CBOR {
    .map([
      CBORField("name", .text(name)),
      CBORField("op", .unsigned(operation.number)),
      CBORField("with", .map(operation.fields)),
      CBORField("in", .array(inputs.map { $0.map { CBOR($0.index) } ?? .null })),
      CBORField("out", .array(outputs.map { CBOR($0.index) })),
    ])
  }

  init(_ node: CBORNode) throws(CBORError) {
    try node.allowOnly(["name", "op", "with", "in", "out"])
    var inputs: [TensorID?] = []
    for item in try node.field("in").elements(atMost: Graph.maximumOperands) {
      if item.optional() == nil {
        inputs.append(nil)
      } else {
        inputs.append(TensorID(try item.int()))
      }
    }
    self.init(
      name: try node.field("name").text(atMost: Graph.maximumNameBytes),
      operation: try Operator(number: node.field("op"), fields: node.field("with")),
      inputs: inputs, outputs: try TensorID.list(node.field("out")))
  }
}
