internal import ModelFormat

/// What a loop computes at each trip, as a graph from its states and the sequence's row to its states.
struct LoopStep {
  let graph: Graph
  let reader: CellReader
  /// The rows of sequences, each with the variable that it is of.
  private(set) var rows: [TensorID: Int] = [:]
  /// The states before and after, by position; after it where the graph computes one.
  private(set) var old: [Int: TensorID] = [:]
  private(set) var new: [Int: TensorID] = [:]
  /// What is written to the lists, by position.
  private(set) var written: [Int: TensorID] = [:]

  /// Translates `body` without what `control` stands for, with `given` at the loop's variables.
  init(
    of body: TFLiteSubgraph, in model: TFLiteModel, control: LoopControl, given: [Value]
  ) throws(ImportError) {
    var translation = Translation(of: model, subgraph: body)
    var inputs: [Int: TensorID] = [:]
    for (position, number) in body.inputs.enumerated() {
      switch given[position] {
      case .constant where control.fixed.contains(position):
        translation.values[number] = given[position]
      case let value where control.isState(position):
        let tensor = Content.float32.tensor("state \(position)", value.shape)
        let id = translation.graph.add(tensor)
        inputs[position] = id
        translation.values[number] = .runtime(id, value.shape)
      case let value:
        translation.values[number] = .unavailable(
          "variable \(position) of the loop as a whole", value.shape)
      }
    }
    for op in body.operators where control.operators.contains(op.index) {
      for number in op.outputs {
        if let row = control.rows[number] {
          let shape = Array(given[row.sequence].shape.dropFirst())
          let id = translation.graph.add(Content.float32.tensor("row \(number)", shape))
          rows[id] = row.sequence
          translation.values[number] = .runtime(id, shape)
        } else {
          translation.values[number] = .unavailable("a count of the loop", [])
        }
      }
    }
    try translation.translate(body.operators.filter { !control.operators.contains($0.index) })
    graph = translation.graph
    reader = CellReader(graph)
    old = inputs
    for (position, number) in body.outputs.enumerated() where control.isState(position) {
      if case .runtime(let id, _)? = translation.values[number] { new[position] = id }
    }
    for (position, list) in control.lists {
      if case .runtime(let id, _)? = translation.values[list.row] { written[position] = id }
    }
  }

  /// The cell that the step is, with the positions of its states.
  var cell: (cell: RecurrentCell, hidden: Int, state: Int?)? {
    for position in new.keys.sorted() {
      guard let output = new[position], let hidden = old[position] else { continue }
      if let pattern = LSTMPattern(behind: output, reader), let before = pattern.oldCell,
        let state = old.first(where: { $0.value == before })?.key,
        new[state] == pattern.newCell,
        let cell = RecurrentCell(pattern, output: output, hidden: hidden, reader)
      {
        return (cell, position, state)
      }
      if let pattern = GRUPattern(behind: output, reader), pattern.hidden == hidden,
        let cell = RecurrentCell(pattern, output: output, reader)
      {
        return (cell, position, nil)
      }
    }
    return nil
  }
}

extension LoopControl {
  /// Whether the variable is neither fixed, nor a counter, nor a list.
  func isState(_ position: Int) -> Bool {
    !fixed.contains(position) && !counters.contains(position) && lists[position] == nil
  }
}
