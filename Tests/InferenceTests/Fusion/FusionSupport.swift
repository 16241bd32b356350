import ModelFormat

@testable import Inference

extension Graph {
  /// The names of the operators that are left once constants are folded and patterns fused, without reshapes.
  func fusedNames() throws -> [String] {
    try lowered(for: .current).folded().fused().nodes.map(\.operation.name).filter {
      $0 != "reshape"
    }
  }
}

/// What a graph gives as it is written, and what its image gives, for one input of seeded numbers.
func unfusedAndFused(_ graph: Graph, scale: Float = 2) throws -> (plain: [Float], fused: [Float]) {
  var numbers = Numbers(state: 21)
  let count = graph.inputs.reduce(0) { $0 + (graph[$1].shape.elementCount ?? 0) }
  let input = numbers.floats(count, scale: scale)
  let plain = try PreparedGraph(graph.lowered(for: .current).folded(), for: .current).interpreter()
  let outputs = graph.outputs.reduce(0) { $0 + (graph[$1].shape.elementCount ?? 0) }
  var output = [Float](repeating: .nan, count: outputs)
  try input.withUnsafeBytes { input in
    try output.withUnsafeMutableBytes { try plain.run(input: input, output: $0) }
  }
  return (output, try run(graph, input))
}
