internal import ModelFormat

/// `WHILE` loops, as Keras 3 exports its recurrent layers.
extension Translation {
  mutating func loop(_ site: Site) throws(ImportError) {
    // A loop within a loop could be the loop itself.
    guard subgraph.index == 0 else { throw unsupported("it is a loop within a loop", at: site) }
    let options = site.op.options(.whileLoop)
    let condition = try loopSubgraph(options, field: 0, what: "condition", at: site)
    let body = try loopSubgraph(options, field: 1, what: "body", at: site)
    guard body.inputs.count == site.op.inputs.count, body.outputs.count == site.op.outputs.count,
      condition.inputs.count == body.inputs.count
    else { throw failure(at: site, .inconsistent("its variables do not match its subgraphs'")) }
    let control: LoopControl
    do {
      control = try LoopControl(of: body) { (try? load($0, at: nil))?.integers }
    } catch {
      throw unsupported("its body, subgraph \(body.index): \(error.reason)", at: site)
    }
    let trips = try self.trips(of: condition, control: control, at: site)
    var given: [Value] = []
    for position in site.op.inputs.indices {
      given.append(try value(position, of: site, what: "its variable"))
    }
    let step = try LoopStep(of: body, in: model, control: control, given: given)
    guard let found = step.cell, let x = found.cell.x, let sequence = step.rows[x],
      let layer = RecurrentLayer(found.cell, in: step.graph, name: site.node.name)
    else {
      throw unsupported(
        "its body, subgraph \(body.index), is no step of an LSTM or a GRU", at: site,
        advice: "LSTM and GRU layers without masks, dropout or other activations are recognised")
    }
    let starts = [found.hidden] + (found.state.map { [$0] } ?? [])
    for position in starts + control.counters.sorted() {
      guard case .constant(let start) = given[position],
        let numbers = start.floats ?? start.integers?.map(Float.init),
        numbers.allSatisfy({ $0 == 0 })
      else {
        let what = control.counters.contains(position) ? "a counter" : "its initial state"
        throw unsupported("\(what) does not start from 0", at: site)
      }
    }
    let y = try emit(layer, over: sequence, trips: trips, at: site)
    try bindLoop(found.cell, y, of: step, control, given, at: site)
  }

  private func loopSubgraph(
    _ options: FlatTable?, field: Int, what: String, at site: Site
  ) throws(ImportError) -> TFLiteSubgraph {
    let index = Int(try options?.integer(field, default: Int32(0)) ?? 0)
    guard index > 0, index < model.subgraphs.count else {
      throw failure(at: site, .inconsistent("its \(what) is subgraph \(index), which is not there"))
    }
    return model.subgraphs[index]
  }

  /// Appends the layer; its output has the batch first.
  private mutating func emit(
    _ layer: RecurrentLayer, over sequence: Int, trips: Int, at site: Site
  ) throws(ImportError) -> (id: TensorID, shape: [Int]) {
    let (x, shape) = try operand(sequence, of: site, what: "its sequence")
    guard shape.count == 3, shape[0] == trips else {
      throw unsupported("it runs \(trips) times over a sequence of shape \(shape)", at: site)
    }
    let (rows, _) = try swapped(x, shape, at: site, suffix: "/batch-major")
    var operands: [TensorID?] = [rows]
    for tensor in layer.operands { operands.append(tensor.map { graph.add($0) }) }
    let units = layer.operands[1]?.shape[1] ?? 0
    let result = [shape[1], trips, units]
    return (
      try emit(layer.operation, operands, shape: result, at: site, suffix: "/layer"), result
    )
  }

  /// Gives the loop's outputs what the layer makes of them.
  private mutating func bindLoop(
    _ cell: RecurrentCell, _ y: (id: TensorID, shape: [Int]), of step: LoopStep,
    _ control: LoopControl, _ given: [Value], at site: Site
  ) throws(ImportError) {
    let (batch, trips, units) = (y.shape[0], y.shape[1], y.shape[2])
    let last = try emit(
      .slice(begin: [0, trips - 1, 0], strides: [1, 1, 1]), [y.id], shape: [batch, 1, units],
      at: site, suffix: "/last")
    for position in site.op.outputs.indices {
      let shape = given[position].shape
      if control.fixed.contains(position) {
        try bind(given[position], to: position, at: site)
      } else if control.counters.contains(position) {
        let count = Constant(name: "count", shape: [], integers: [trips])
        try bind(.constant(count), to: position, at: site)
      } else if control.lists[position] != nil {
        guard let row = step.written[position], step.reader.origin(of: row) == cell.output else {
          throw unsupported("its list does not keep the hidden state", at: site)
        }
        guard shape == [trips, batch, units] else {
          throw failure(at: site, .inconsistent("its list has shape \(shape)"))
        }
        let (all, result) = try swapped(y.id, y.shape, at: site, suffix: "/time-major")
        try bind(.runtime(all, result), to: position, at: site)
      } else if let new = step.new[position], step.reader.origin(of: new) == cell.output,
        shape.last == units, shape.reduce(1, *) == batch * units
      {
        let state = try emit(.reshape, [last], shape: shape, at: site, suffix: "/state")
        try bind(.runtime(state, shape), to: position, at: site)
      } else {
        try bind(.unavailable("the final cell state of a loop", shape), to: position, at: site)
      }
    }
  }
}
