/// An operator together with how messages and nodes call it.
struct Site {
  let op: TFLiteOperator
  let node: ImportedNode

  init(_ op: TFLiteOperator, in subgraph: TFLiteSubgraph) {
    self.op = op
    // Converters join the names of all layers that they fused by semicolons; the last says the
    // most, unless it is only the number that made a joined name unique.
    let parts = op.outputs.first.map { subgraph.tensors[$0].name.split(separator: ";") } ?? []
    let part = parts.last { !$0.allSatisfy(\.isNumber) } ?? parts.last
    let name = part.map { String($0.prefix(128)) } ?? op.code.description
    let kind = op.code == .custom ? "CUSTOM '\(op.customName)'" : op.code.description
    node = ImportedNode(
      index: op.index, name: name, operatorName: kind, subgraph: subgraph.index)
  }
}
