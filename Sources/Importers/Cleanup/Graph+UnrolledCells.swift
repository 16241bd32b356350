internal import ModelFormat

/// Keras unrolls a recurrent layer on request: the nodes of one step for each step. One recurrent node does the same.
extension Graph {
  mutating func mergeUnrolledCells() {
    let reader = CellReader(self)
    var merged: [TensorID: [Node]] = [:]
    var rows: [TensorID: SequenceRow] = [:]
    var replaced: Set<TensorID> = []
    for chain in CellChain.all(in: reader) {
      var read: [SequenceRow] = []
      for cell in chain.cells {
        guard let x = cell.x, let row = rows[x] ?? SequenceRow(behind: x, reader) else { break }
        read.append(row)
      }
      let first = chain.cells[0].output
      guard read.count == chain.cells.count, let (row, reversed) = read.direction(in: self),
        let name = reader.node(behind: first)?.name,
        let layer = RecurrentLayer(chain.last, in: self, name: name)
      else { continue }
      var nodes: [Node] = []
      let y = add(layer, over: row, reversed: reversed, name: name, &nodes)
      for (step, cell) in chain.cells.enumerated() {
        rows[cell.output] = SequenceRow(source: y, axis: 1, index: step)
        addRow(step, of: y, as: cell.output, name: "\(name)/\(step)", &nodes)
        replaced.insert(cell.output)
      }
      merged[first] = nodes
    }
    var rewritten: [Node] = []
    for node in nodes {
      rewritten += node.outputs.first.flatMap { merged[$0] } ?? []
      if !node.outputs.contains(where: replaced.contains) { rewritten.append(node) }
    }
    nodes = rewritten
  }

  /// The layer over the whole sequence; its output has the batch first and the steps in the order that it takes them.
  private mutating func add(
    _ layer: RecurrentLayer, over row: SequenceRow, reversed: Bool, name: String,
    _ nodes: inout [Node]
  ) -> TensorID {
    var x = row.source
    var shape = self[x].shape
    if row.axis == 0 {
      shape = [shape[1], shape[0], shape[2]]
      let operation: Operator = shape[0] == 1 ? .reshape : .transpose(permutation: [1, 0, 2])
      x = add(operation, [x], shape: shape, name: "\(name)/batch-major", &nodes)
    }
    var operation = layer.operation
    operation.isReversed = reversed
    let operands = layer.operands.map { tensor in tensor.map { add($0) } }
    shape[2] = layer.operands[1]?.shape[1] ?? 0
    let y = add(operation, [x] + operands, shape: shape, name: "\(name)/layer", &nodes)
    guard reversed else { return y }
    let turn = Operator.slice(begin: [0, shape[1] - 1, 0], strides: [1, -1, 1])
    return add(turn, [y], shape: shape, name: "\(name)/steps", &nodes)
  }

  /// Makes step `index` of `y` what `output` stands for.
  private mutating func addRow(
    _ index: Int, of y: TensorID, as output: TensorID, name: String, _ nodes: inout [Node]
  ) {
    let slice = Operator.slice(begin: [0, index, 0], strides: [1, 1, 1])
    var shape = self[y].shape
    shape[1] = 1
    let row = add(slice, [y], shape: shape, name: name, &nodes)
    nodes.append(
      Node(name: self[output].name, operation: .reshape, inputs: [row], outputs: [output]))
  }

  private mutating func add(
    _ operation: Operator, _ inputs: [TensorID?], shape: Shape, name: String,
    _ nodes: inout [Node]
  ) -> TensorID {
    let output = add(Tensor(name: name, shape: shape, type: .float32))
    nodes.append(Node(name: name, operation: operation, inputs: inputs, outputs: [output]))
    return output
  }
}
