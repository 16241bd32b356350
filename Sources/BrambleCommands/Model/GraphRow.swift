import ModelFormat

/// A node of a graph as it is listed.
struct GraphRow {
  var index: Int
  var node: Node
  var output: Tensor
  /// The constant that holds most of its bytes; `nil` where it reads none.
  var weights: Tensor?
  var parameters: Int
  var bytes: Int
  var macs: UInt64

  static func rows(of graph: Graph) -> [GraphRow] {
    graph.nodes.enumerated().map { index, node in
      let constants = node.inputs.compactMap { $0 }.map { graph[$0] }.filter(\.isConstant)
      return GraphRow(
        index: index, node: node, output: graph[node.outputs[0]],
        weights: constants.max { ($0.data?.count ?? 0) < ($1.data?.count ?? 0) },
        parameters: graph.parameterCount(of: node), bytes: graph.parameterBytes(of: node),
        macs: graph.macs(of: node))
    }
  }

  private var shownOutput: ShownTensor { ShownTensor(tensor: output) }

  /// Columns for `rows`; those of scales only where something is quantized.
  static func listing(for rows: [GraphRow]) -> Listing<GraphRow> {
    let isQuantized = rows.contains { $0.shownOutput.scale != nil }
    let isWeighted = rows.contains { $0.weights != nil }
    return Listing()
      .count("index", "#") { $0.index }
      .text("operator", "OPERATOR") { $0.node.operation.name }
      .text("output", "OUTPUT") { $0.output.name }
      .column("shape", "SHAPE", { .array($0.output.shape.dimensions.map { .count($0) }) }) {
        $0.output.shape.description
      }
      .text("type", "TYPE") { "\($0.output.type)" }
      .column(
        "scale", isQuantized ? "SCALE" : nil,
        { .optional($0.shownOutput.scale.map(Double.init)) }
      ) { $0.shownOutput.scale.map { "\($0)" } ?? "-" }
      .count("zero_point", isQuantized ? "ZERO" : nil) { $0.shownOutput.zeroPoint }
      .text("weights", isWeighted ? "WEIGHTS" : nil) {
        $0.weights.map { ShownTensor(tensor: $0).storage }
      }
      .count("parameters", "PARAMETERS") { $0.parameters }
      .count("bytes", "BYTES") { $0.bytes }
      .count("macs", "MACS") { $0.macs }
  }
}
