import ModelFormat

/// A node of a graph as it is listed.
struct GraphRow {
  var index: Int
  var node: Node
  var output: Tensor
  var parameters: Int
  var bytes: Int
  var macs: UInt64

  static func rows(of graph: Graph) -> [GraphRow] {
    graph.nodes.enumerated().map { index, node in
      GraphRow(
        index: index, node: node, output: graph[node.outputs[0]],
        parameters: graph.parameterCount(of: node), bytes: graph.parameterBytes(of: node),
        macs: graph.macs(of: node))
    }
  }

  static var listing: Listing<GraphRow> {
    Listing()
      .count("index", "#") { $0.index }
      .text("operator", "OPERATOR") { $0.node.operation.name }
      .text("output", "OUTPUT") { $0.output.name }
      .column("shape", "SHAPE", { .array($0.output.shape.dimensions.map { .count($0) }) }) {
        $0.output.shape.description
      }
      .text("type", "TYPE") { "\($0.output.type)" }
      .count("parameters", "PARAMETERS") { $0.parameters }
      .count("bytes", "BYTES") { $0.bytes }
      .count("macs", "MACS") { $0.macs }
  }
}
